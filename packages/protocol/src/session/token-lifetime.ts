import type { SessionTimes } from '../limits.js';

/**
 * Tracks how long a session's token is valid, and when to request another (SN-21). Milliseconds of the shell's clock.
 */
export class TokenLifetime {
  readonly #expiresAt: number;
  readonly #times: SessionTimes;
  /** When to request the next token. */
  #askAt: number;
  /** Whether a token was requested and may arrive. */
  #asked = false;
  #suspended = false;

  constructor(expiresAt: number, now: number, times: SessionTimes) {
    this.#expiresAt = expiresAt;
    this.#times = times;
    this.#askAt = Math.max(expiresAt - times.renewBeforeMs, now + (expiresAt - now) / 2);
  }

  /**
   * Whether the token is expired, according to `check`. Nothing is delivered in either direction until a valid one
   * arrives.
   */
  get isSuspended(): boolean {
    return this.#suspended;
  }

  /** Checks the token. `over`: the session has been suspended for the maximum time. */
  check(now: number): 'good' | 'suspended' | 'over' {
    if (now < this.#expiresAt) return 'good';
    this.#suspended = true;
    return now < this.#expiresAt + this.#times.suspendedMs ? 'suspended' : 'over';
  }

  /** Returns the remaining milliseconds; negative after expiry. */
  leftAt(now: number): number {
    return this.#expiresAt - now;
  }

  /** Returns whether a token is to be requested. */
  isAskDue(now: number): boolean {
    return now >= this.#askAt;
  }

  /** Records that a token was requested. */
  ask(now: number): void {
    this.#asked = true;
    this.#askAt = now + this.#times.renewAgainMs;
  }

  /**
   * Accepts a token.
   *
   * @returns whether one was requested; others are ignored, so that a client cannot flood token checks
   */
  take(): boolean {
    const asked = this.#asked;
    this.#asked = false;
    return asked;
  }

  /** Returns when the result of `check` changes or, if `canAsk` and that is sooner, when to request a token. */
  dueAt(canAsk: boolean): number {
    const end = this.#suspended ? this.#expiresAt + this.#times.suspendedMs : this.#expiresAt;
    return canAsk ? Math.min(end, this.#askAt) : end;
  }
}
