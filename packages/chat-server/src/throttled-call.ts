/**
 * Limits how often an expensive action runs. The first call runs it immediately. Calls within the next `quietTicks`
 * ticks run it once together, at the end of that time.
 */
export class ThrottledCall {
  readonly #run: () => void;
  readonly #quietTicks: number;
  #isDue = false;
  /** Ticks until the action may run again. */
  #quietFor = 0;

  constructor(run: () => void, quietTicks: number) {
    this.#run = run;
    this.#quietTicks = quietTicks;
  }

  /** Runs the action now, or at the end of the quiet time. */
  call(): void {
    this.#isDue = true;
    if (this.#quietFor === 0) this.#begin();
  }

  /** Counts down the quiet time. The caller must call this each second. */
  tick(): void {
    if (this.#quietFor > 0) this.#quietFor -= 1;
    if (this.#isDue && this.#quietFor === 0) this.#begin();
  }

  #begin(): void {
    this.#isDue = false;
    this.#quietFor = this.#quietTicks;
    this.#run();
  }
}
