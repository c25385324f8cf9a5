import type { SessionTimes } from '../limits.js';
import type { Message } from '../message.js';

/** What is done with a frozen session (SN-24). Called from `tick` and `send`; they may not call back into the session. */
export interface Freezing {
  /** What was sent after the freeze: it has no number, and is to be sent by the new owner, in this order. */
  forward(message: Message): void;
  /** Every handler has settled: `session.snapshot` may be called, and what it says stays true. */
  settled(): void;
}

/** How often a frozen session looks whether its handlers have settled, in milliseconds. */
const settleLookMs = 20;

/**
 * A session that stands still for a hand-over (SN-24). It never thaws: it settles and is moved in time, or it is lost.
 * Milliseconds of the shell's clock.
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

  /** Every handler has settled, as `check` saw. */
  get isSettled(): boolean {
    return this.#settled;
  }

  forward(message: Message): void {
    this.#freezing.forward(message);
  }

  /**
   * Tells once that every handler has settled.
   *
   * @param isAtRest no handler is at work
   * @returns false where it took too long
   */
  check(isAtRest: boolean, now: number): boolean {
    if (now >= this.#until) return false;
    if (this.#settled || !isAtRest) return true;
    this.#settled = true;
    this.#until = now + this.#times.handOverMs;
    this.#freezing.settled();
    return true;
  }

  dueAfter(now: number): number {
    return this.#settled ? this.#until : Math.min(this.#until, now + settleLookMs);
  }
}
