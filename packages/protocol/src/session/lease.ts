import type { SessionTimes } from '../limits.js';

/** How long the token behind a session is good, and when another is asked for (SN-21). Milliseconds of the shell's clock. */
export class Lease {
  readonly #expiresAt: number;
  readonly #times: SessionTimes;
  /** When to ask for the next token. */
  #askAt: number;
  /** One was asked for, so one may come. */
  #asked = false;
  #suspended = false;

  constructor(expiresAt: number, now: number, times: SessionTimes) {
    this.#expiresAt = expiresAt;
    this.#times = times;
    this.#askAt = Math.max(expiresAt - times.renewBeforeMs, now + (expiresAt - now) / 2);
  }

  /** It has run out, as `check` saw: nothing is delivered either way until a good token comes. */
  get isSuspended(): boolean {
    return this.#suspended;
  }

  /** `over`: it has been suspended for as long as may be. */
  check(now: number): 'good' | 'suspended' | 'over' {
    if (now < this.#expiresAt) return 'good';
    this.#suspended = true;
    return now < this.#expiresAt + this.#times.suspendedMs ? 'suspended' : 'over';
  }

  /** Milliseconds; below zero since it has run out. */
  leftAt(now: number): number {
    return this.#expiresAt - now;
  }

  isAskDue(now: number): boolean {
    return now >= this.#askAt;
  }

  ask(now: number): void {
    this.#asked = true;
    this.#askAt = now + this.#times.renewAgainMs;
  }

  /** @returns whether a token was asked for; one that was not is not looked at, so that nobody can flood who checks them */
  take(): boolean {
    const asked = this.#asked;
    this.#asked = false;
    return asked;
  }

  /** When `check` says something else, or, where the client can be asked, a token is to be asked for. */
  dueAt(canAsk: boolean): number {
    const end = this.#suspended ? this.#expiresAt + this.#times.suspendedMs : this.#expiresAt;
    return canAsk ? Math.min(end, this.#askAt) : end;
  }
}
