import { LOOK_FOR_SLEEP_MS, SLEPT_HIDDEN_MS, SLEPT_MS } from './limits.js';

/** The timer of a session. Detects that the device slept, by comparing the wall clock with the expected time. */
export class Alarm {
  readonly #onRing: (slept: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer fires, in milliseconds of `performance.now`. */
  #due: number = Number.POSITIVE_INFINITY;

  /** @param onRing called when the timer fires. `slept`: the timer fired so late that the device must have slept */
  constructor(onRing: (slept: boolean) => void) {
    this.#onRing = onRing;
  }

  /**
   * Sets the timer to fire at `due`, in milliseconds of `performance.now`; `Infinity` stops it. If the timer is already
   * set to an earlier time, it keeps that time, which saves a busy session many timers. The timer may therefore fire
   * early, and the caller must then set it again. A timer that is set detects soon that the device slept, however late
   * `due` is.
   */
  set(due: number): void {
    const never = due === Number.POSITIVE_INFINITY;
    if (due >= this.#due && !never) return;
    clearTimeout(this.#timer);
    this.#due = due;
    if (!never) this.#wait();
  }

  /** Waits for a part of the time until `due`, so that a sleep of the device is noticed soon. */
  #wait(): void {
    // A hidden page need not look for sleep, because an event wakes it when it is shown. Browsers delay its timers
    // anyway.
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
