/** How often a session may be polled without being held: kept beside the sessions, and gone with them. */
export class Pace {
  readonly #leastMs: number;
  readonly #tookAt: WeakMap<object, number> = new WeakMap();

  constructor(leastMs: number) {
    this.#leastMs = leastMs;
  }

  /** Takes a poll now, or says how many milliseconds it is too early; then nothing is noted, so that asking again costs nothing. */
  take(session: object, now: number): number {
    const early = (this.#tookAt.get(session) ?? Number.NEGATIVE_INFINITY) + this.#leastMs - now;
    if (early > 0) return early;
    this.#tookAt.set(session, now);
    return 0;
  }
}
