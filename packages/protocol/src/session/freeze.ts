import type { SessionTimes } from '../limits.js';
import type { Message } from '../message.js';

/** Callbacks of a frozen session (SN-24), called from `tick` and `send`. They must not call back into the session. */
export interface Freezing {
  /** Receives messages sent after the freeze. They have no number; the new owner must send them in this order. */
  forward(message: Message): void;
  /** Reports that every handler has settled, so that `session.snapshot` may be called and stays valid. */
  settled(): void;
}

/** How often a frozen session checks whether its handlers have settled, in milliseconds. */
const SETTLE_LOOK_MS = 20;

/**
 * The freeze of a session for a hand-over, its move to another node (SN-24). A freeze cannot be undone: either all
 * handlers settle and the session is moved in time, or the session is lost. Times are milliseconds of the shell's
 * clock.
 */
export class Freeze {
  readonly #freezing: Freezing;
  readonly #times: SessionTimes;
  #until: number;
  #settled = false;

  constructor(freezing: Freezing, now: number, times: SessionTimes) {
    this.#freezing = freezing;
    this.#times = times;
    this.#until = now + times.freezeMs;
  }

  /** Whether every handler has settled, according to `check`. */
  get isSettled(): boolean {
    return this.#settled;
  }

  /** Passes on a message sent after the freeze. */
  forward(message: Message): void {
    this.#freezing.forward(message);
  }

  /**
   * Reports once that every handler has settled.
   *
   * @param isAtRest no handler is running
   * @returns false if it took too long
   */
  check(isAtRest: boolean, now: number): boolean {
    if (now >= this.#until) return false;
    if (this.#settled || !isAtRest) return true;
    this.#settled = true;
    this.#until = now + this.#times.handOverMs;
    this.#freezing.settled();
    return true;
  }

  /** Returns when to check next. */
  dueAfter(now: number): number {
    return this.#settled ? this.#until : Math.min(this.#until, now + SETTLE_LOOK_MS);
  }
}
