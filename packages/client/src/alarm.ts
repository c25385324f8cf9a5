import { sleptMs } from './limits.js';

/** The one timer of a session. */
export class Alarm {
  readonly #onRing: (slept: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it rings, by the clock of the session and by that on the wall. */
  #due: number = Number.POSITIVE_INFINITY;
  #wallDue = 0;

  /** @param onRing `slept`: it rang so late, by the wall clock, that the device must have slept. */
  constructor(onRing: (slept: boolean) => void) {
    this.#onRing = onRing;
  }

  /**
   * Rings at `due` or sooner, milliseconds of `performance.now`; `Infinity` is never. A later time than is set does not move it,
   * which spares the many calls of a busy session: whoever is rung too early sets it anew.
   */
  set(due: number): void {
    const never = due === Number.POSITIVE_INFINITY;
    if (due >= this.#due && !never) return;
    clearTimeout(this.#timer);
    this.#due = due;
    if (never) return;
    const waitMs = Math.min(Math.max(0, due - performance.now()), 2 ** 31 - 1);
    this.#wallDue = Date.now() + waitMs;
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY;
      this.#onRing(Date.now() - this.#wallDue > sleptMs);
    }, waitMs);
  }
}
