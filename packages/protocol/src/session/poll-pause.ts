import { SHORT_POLL_LEAST_MS } from '../limits.js';
import type { Transport } from './contract.js';

/**
 * Times the pauses between polls that the server answers immediately instead of holding them (SN-34). All times are
 * milliseconds of the shell's clock.
 */
export class PollPause {
  /** The transport that polls after the pause; `null` if there is none. */
  #transport: Transport | null = null;
  #begunAt = 0;
  /** Length of the last pause, and the number that `send` had accepted when it began. */
  #ms = 0;
  #sentThen = 0;
  /** Whether a message arrived since the last pause. */
  #busy = false;

  /** The transport that polls after the pause; `null` if there is none. */
  get transport(): Transport | null {
    return this.#transport;
  }

  /** The earliest time for the next poll if something is to be fetched. */
  get soonestAt(): number {
    return this.#begunAt + SHORT_POLL_LEAST_MS;
  }

  /** Records that a message arrived. */
  messageCame(): void {
    this.#busy = true;
  }

  /** Returns whether `send` accepted a message since the pause began, so that a reply is likely. */
  hasSent(sent: number): boolean {
    return sent !== this.#sentThen;
  }

  /** Returns the next pause: short after traffic, then doubling. @param everyMs maximum */
  nextMs(everyMs: number, sent: number): number {
    const busy = this.#busy || this.hasSent(sent);
    this.#ms = Math.min(everyMs, busy ? SHORT_POLL_LEAST_MS : Math.max(SHORT_POLL_LEAST_MS, 2 * this.#ms));
    this.#busy = false;
    return this.#ms;
  }

  /** Starts a pause. */
  begin(transport: Transport, sent: number, now: number): void {
    this.#transport = transport;
    this.#begunAt = now;
    this.#sentThen = sent;
  }

  /** Ends the pause. */
  end(): void {
    this.#transport = null;
  }
}

/** Returns the pause before a poll that the server refused as too early by `ms` milliseconds. */
export function refusedPollMs(ms: number): number {
  return Math.max(SHORT_POLL_LEAST_MS / 4, Math.min(ms, 2 * SHORT_POLL_LEAST_MS));
}
