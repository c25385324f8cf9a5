import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import { forAll } from './messages.js';

/** An application in a page. Sends and receives numbers, sends requests, and records errors. */
export class Page {
  /** A line for each error, such as a missing number. */
  readonly faults: string[] = [];
  readonly client: WireClient;
  readonly name: string;
  /** How often the session was opened. */
  opened = 0;
  /** The last received number. */
  came = 0;
  /** The last sent number. */
  sent = 0;
  /** Number of requests. */
  asked = 0;
  /** Number of replies to them. */
  replies = 0;
  /** Number of received publications. */
  forAll = 0;
  /** The longest time between two received numbers. */
  longestPauseMs = 0;
  #heardAt = performance.now();

  constructor([port, tcpPort]: readonly [number, number], transport: TransportName, name: string) {
    this.name = name;
    this.client = createWireClient(`http://127.0.0.1:${port}/everywire`, {
      transports: [transport],
      token: () => name,
      tcp: `tcp://127.0.0.1:${tcpPort}`,
      shortPollMs: 500,
    });
    this.client.addEventListener('open', () => {
      this.opened += 1;
    });
    this.client.addEventListener('close', ({ reason }) => void this.faults.push(`${name}: close ${reason}`));
    this.client.addEventListener('message', ({ data }) => this.#receive(data));
  }

  /** Sends the next number, and every fifth time a request. */
  say(): void {
    if (this.opened === 0) return;
    this.sent += 1;
    this.client.send(`${this.sent}`);
    if (this.sent % 5 === 0) this.#ask();
  }

  toString(): string {
    const { name, opened, came, sent, asked, replies, faults, client } = this;
    const { readyState, transport } = client;
    return JSON.stringify({ name, opened, came, sent, asked, replies, faults, readyState, transport });
  }

  #receive(data: unknown): void {
    if (data === forAll) {
      this.forAll += 1;
      return;
    }
    const now = performance.now();
    this.longestPauseMs = Math.max(this.longestPauseMs, now - this.#heardAt);
    this.#heardAt = now;
    if (Number(data) !== this.came + 1) this.faults.push(`${this.name}: ${String(data)} came after ${this.came}`);
    this.came = Number(data);
  }

  #ask(): void {
    this.asked += 1;
    this.client.request(`${this.sent}`).then(
      () => {
        this.replies += 1;
      },
      (error: unknown) => this.faults.push(`${this.name}: ${String(error)}`),
    );
  }
}
