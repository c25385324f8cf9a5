/** Something that costs much and need not be done for each cause by itself: done at once, and then no more for so many ticks, after which it is done for all that came meanwhile. */
export class SpacedCall {
  readonly #run: () => void;
  readonly #quietTicks: number;
  #isDue = false;
  /** Ticks until it may be done again. */
  #quietFor = 0;

  constructor(run: () => void, quietTicks: number) {
    this.#run = run;
    this.#quietTicks = quietTicks;
  }

  call(): void {
    this.#isDue = true;
    if (this.#quietFor === 0) this.#begin();
  }

  /** Call it each second. */
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
