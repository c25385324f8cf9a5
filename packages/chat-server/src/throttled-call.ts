/**
 * Limits an expensive action: runs it at the first call, then not for `quietTicks` ticks, after which it runs once for
 * all calls meanwhile.
 */
export class ThrottledCall {
  readonly #run: () => void;
  readonly #quietTicks: number;
  #isDue = false;
  /** Ticks until it may run again. */
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

  /** Counts down the quiet time; call it each second. */
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
