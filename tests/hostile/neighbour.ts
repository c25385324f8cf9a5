import { expect } from 'vitest';
import { eventually, HandClient } from '../server/hand-client.js';

/** An honest client beside the hostile one: it says something, waits until it hears it, and says the next thing. */
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

  /** Everything came, once and in order, on the link it had from the beginning. */
  async expectUnharmed(): Promise<void> {
    const before = this.#said;
    // What is said from now on goes through as well.
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

  /** Whatever else came is acknowledged too: it is no slow reader. */
  #hasHeard(): boolean {
    const { counts } = this.#client;
    if (counts.received > counts.ack) this.#client.acknowledge();
    return this.#mine().length === this.#said;
  }

  async #talkOn(): Promise<void> {
    while (!this.#stopped) {
      this.#client.send(`echo ${this.#said}`);
      this.#said += 1;
      await eventually(() => this.#hasHeard());
    }
  }
}
