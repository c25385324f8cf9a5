import { shortPollLeastMs } from '../limits.js';
import type { Transport } from './contract.js';

/** The pause between two polls that are not held (SN-34). Milliseconds of the shell's clock. */
export class PollPause {
  /** What polls after it; `null` where no pause goes on. */
  #transport: Transport | null = null;
  #begunAt = 0;
  /** How long it is without traffic, and what `send` had accepted when it began. */
  #ms = 0;
  #sentThen = 0;
  /** A message came since the last pause. */
  #busy = false;

  get transport(): Transport | null {
    return this.#transport;
  }

  /** When the next poll may go at the earliest, because something waits to be fetched. */
  get soonestAt(): number {
    return this.#begunAt + shortPollLeastMs;
  }

  messageCame(): void {
    this.#busy = true;
  }

  /** Whether something was accepted since the pause began, so that an answer is likely. */
  hasSent(sent: number): boolean {
    return sent !== this.#sentThen;
  }

  /** How long the next pause is: short after traffic, then twice as long each time. @param everyMs at most */
  nextMs(everyMs: number, sent: number): number {
    const busy = this.#busy || this.hasSent(sent);
    this.#ms = Math.min(everyMs, busy ? shortPollLeastMs : Math.max(shortPollLeastMs, 2 * this.#ms));
    this.#busy = false;
    return this.#ms;
  }

  begin(transport: Transport, sent: number, now: number): void {
    this.#transport = transport;
    this.#begunAt = now;
    this.#sentThen = sent;
  }

  end(): void {
    this.#transport = null;
  }
}

/** How long a poll waits that the server will not take before so much time has passed. */
export function refusedPollMs(ms: number): number {
  return Math.max(shortPollLeastMs / 4, Math.min(ms, 2 * shortPollLeastMs));
}
