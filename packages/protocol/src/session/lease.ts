import type { SessionTimes } from '../limits.js';

/** How long the token behind a session is good, and when another is asked for (SN-21). Milliseconds of the shell's clock. */
export class Lease {
  readonly expiresAt: number;
  /** When to ask for the next token. */
  askAt: number;
  /** One was asked for, so one may come. */
  asked = false;
  /** It has run out: nothing is delivered either way until a good one comes. */
  suspended = false;

  constructor(expiresAt: number, now: number, times: SessionTimes) {
    this.expiresAt = expiresAt;
    this.askAt = Math.max(expiresAt - times.renewBeforeMs, now + (expiresAt - now) / 2);
  }

  ask(now: number, times: SessionTimes): void {
    this.asked = true;
    this.askAt = now + times.renewAgainMs;
  }
}
