import { lookForSleepMs, sleptHiddenMs, sleptMs } from './limits.js';

/** The one timer of a session. */
export class Alarm {
  readonly #onRing: (slept: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it rings, by the clock of the session. */
  #due: number = Number.POSITIVE_INFINITY;

  /** @param onRing `slept`: it rang so late, by the wall clock, that the device must have slept. */
  constructor(onRing: (slept: boolean) => void) {
    this.#onRing = onRing;
  }

  /**
   * Rings at `due` or sooner, milliseconds of `performance.now`; `Infinity` is never. A later time than is set does not move it,
   * which spares the many calls of a busy session: whoever is rung too early sets it anew. A device that slept is noticed
   * soon, however late `due` is.
   */
  set(due: number): void {
    const never = due === Number.POSITIVE_INFINITY;
    if (due >= this.#due && !never) return;
    clearTimeout(this.#timer);
    this.#due = due;
    if (!never) this.#wait();
  }

  #wait(): void {
    // A hidden page hears of it when it is shown; its timers come late without any sleep.
    const hidden = !!globalThis.document?.hidden;
    const waitMs = Math.min(Math.max(0, this.#due - performance.now()), hidden ? 2 ** 31 - 1 : lookForSleepMs);
    const wallDue = Date.now() + waitMs;
    this.#timer = setTimeout(() => {
      const slept = Date.now() - wallDue > (hidden ? sleptHiddenMs : sleptMs);
      if (!slept && performance.now() < this.#due) {
        this.#wait();
        return;
      }
      this.#due = Number.POSITIVE_INFINITY;
      this.#onRing(slept);
    }, waitMs);
  }
}
