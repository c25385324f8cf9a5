import { expect } from 'vitest';
import { eventually, HandClient } from '../server/hand-client.js';

/** An honest client next to the hostile one: sends a message, waits for its echo, and sends the next. */
export class Neighbour {
  readonly #client: HandClient;
  #said = 0;
  #stopped = false;
  #talk: Promise<void> = Promise.resolve();

  private constructor(client: HandClient) {
    this.#client = client;
  }

  static async join(port: number): Promise<Neighbour> {
    const neighbour = new Neighbour(await HandClient.join(port));
    neighbour.#talk = neighbour.#talkOn();
    neighbour.#talk.catch(() => undefined);
    return neighbour;
  }

  /** Checks that everything arrived once and in order, on the original link. */
  async expectUnharmed(): Promise<void> {
    const before = this.#said;
    // Further messages get through as well.
    await eventually(() => this.#said > before || this.#client.closeCode !== 0);
    this.#stopped = true;
    await this.#talk;
    expect(this.#client.closeCode).toBe(0);
    expect(this.#mine()).toEqual(Array.from({ length: this.#said }, (_, at) => `echo ${at}`));
  }

  leave(): void {
    this.#stopped = true;
    this.#client.socket.terminate();
  }

  #mine(): readonly unknown[] {
    return this.#client.got.filter((one) => typeof one === 'string' && one.startsWith('echo'));
  }

  /** Acknowledges everything received: it is not a slow reader. */
  #hasReceived(): boolean {
    const { counts } = this.#client;
    if (counts.received > counts.ack) this.#client.acknowledge();
    return this.#mine().length === this.#said;
  }

  async #talkOn(): Promise<void> {
    while (!this.#stopped) {
      this.#client.send(`echo ${this.#said}`);
      this.#said += 1;
      await eventually(() => this.#hasReceived());
    }
  }
}
