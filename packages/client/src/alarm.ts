import { LOOK_FOR_SLEEP_MS, SLEPT_HIDDEN_MS, SLEPT_MS } from './limits.js';

/** The timer of a session. */
export class Alarm {
  readonly #onRing: (slept: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it fires, on the session's clock. */
  #due: number = Number.POSITIVE_INFINITY;

  /** @param onRing called when it fires. `slept`: so late by the wall clock that the device must have slept. */
  constructor(onRing: (slept: boolean) => void) {
    this.#onRing = onRing;
  }

  /**
   * Fires at `due` or earlier, in milliseconds of `performance.now`; `Infinity` is never. A later time than the current one does
   * not move it, which saves a busy session many timers; after an early call, the caller must set it again. It soon detects that
   * the device slept, however late `due` is.
   */
  set(due: number): void {
    const never = due === Number.POSITIVE_INFINITY;
    if (due >= this.#due && !never) return;
    clearTimeout(this.#timer);
    this.#due = due;
    if (!never) this.#wait();
  }

  #wait(): void {
    // A hidden page is woken when it is shown; its timers may be late without any sleep.
    const hidden = !!globalThis.document?.hidden;
    const waitMs = Math.min(Math.max(0, this.#due - performance.now()), hidden ? 2 ** 31 - 1 : LOOK_FOR_SLEEP_MS);
    const wallDue = Date.now() + waitMs;
    this.#timer = setTimeout(() => {
      const slept = Date.now() - wallDue > (hidden ? SLEPT_HIDDEN_MS : SLEPT_MS);
      if (!slept && performance.now() < this.#due) {
        this.#wait();
        return;
      }
      this.#due = Number.POSITIVE_INFINITY;
      this.#onRing(slept);
    }, waitMs);
  }
}
