import { expect } from 'vitest';
import { eventually, HandClient } from '../server/hand-client.js';

/** An honest client next to the hostile one: sends a message, waits for its echo, and sends the next. */
export class Neighbour {
  readonly #client: HandClient;
  /** Number of messages sent so far. */
  #sentCount = 0;
  #stopped = false;
  #talk: Promise<void> = Promise.resolve();

  private constructor(client: HandClient) {
    this.#client = client;
  }

  /** Opens a session and begins to send. */
  static async join(port: number): Promise<Neighbour> {
    const neighbour = new Neighbour(await HandClient.join(port));
    neighbour.#talk = neighbour.#talkOn();
    neighbour.#talk.catch(() => undefined);
    return neighbour;
  }

  /** Checks that everything arrived once and in order, on the original link. */
  async expectUnharmed(): Promise<void> {
    const before = this.#sentCount;
    // Further messages get through as well.
    await eventually(() => this.#sentCount > before || this.#client.closeCode !== 0);
    this.#stopped = true;
    await this.#talk;
    expect(this.#client.closeCode).toBe(0);
    expect(this.#echoes()).toEqual(Array.from({ length: this.#sentCount }, (_, at) => `echo ${at}`));
  }

  /** Ends the connection. */
  leave(): void {
    this.#stopped = true;
    this.#client.socket.terminate();
  }

  /** The received echoes. The client may also receive publications of the attack. */
  #echoes(): readonly unknown[] {
    return this.#client.got.filter((message) => typeof message === 'string' && message.startsWith('echo'));
  }

  /** Returns whether the last echo has arrived. Acknowledges all received messages, because this client is not slow. */
  #hasReceived(): boolean {
    const { counts } = this.#client;
    if (counts.received > counts.ack) this.#client.acknowledge();
    return this.#echoes().length === this.#sentCount;
  }

  async #talkOn(): Promise<void> {
    while (!this.#stopped) {
      this.#client.send(`echo ${this.#sentCount}`);
      this.#sentCount += 1;
      await eventually(() => this.#hasReceived());
    }
  }
}
