/**
 * A look at what other processes may have changed unheard of. One runs at a time and at most one begins between two ticks, however often it is called for;
 * one that failed is made again at the next tick.
 */
export class Recheck {
  readonly #look: () => Promise<void>;
  /** Hears of the first failure in a row. */
  readonly #onFailure: (error: unknown) => void;
  #isDue = false;
  #isRunning = false;
  #hasBegun = false;
  #isFailing = false;

  constructor(look: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#look = look;
    this.#onFailure = onFailure;
  }

  /** Looks now, or at the next tick where one has begun since the last. */
  call(): void {
    this.#isDue = true;
    if (!this.#hasBegun) this.#begin();
  }

  /** Call it each second. */
  tick(): void {
    this.#hasBegun = false;
    if (this.#isDue) this.#begin();
  }

  #begin(): void {
    if (this.#isRunning) return;
    this.#isDue = false;
    this.#isRunning = true;
    this.#hasBegun = true;
    this.#look()
      .then(
        () => {
          this.#isFailing = false;
        },
        (error: unknown) => {
          if (!this.#isFailing) this.#onFailure(error);
          this.#isFailing = true;
          this.#isDue = true;
        },
      )
      .finally(() => {
        this.#isRunning = false;
      });
  }
}
