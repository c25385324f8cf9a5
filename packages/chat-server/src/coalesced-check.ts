/**
 * Checks for changes by other processes that may have been missed. One check runs at a time and at most one starts
 * between two ticks, however often it is requested; a failed one is retried at the next tick.
 */
export class CoalescedCheck {
  readonly #look: () => Promise<void>;
  /** Called with the first failure in a row. */
  readonly #onFailure: (error: unknown) => void;
  #isDue = false;
  #isRunning = false;
  #hasBegun = false;
  #isFailing = false;

  constructor(look: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#look = look;
    this.#onFailure = onFailure;
  }

  /** Checks now, or at the next tick if a check has started since the last. */
  call(): void {
    this.#isDue = true;
    if (!this.#hasBegun) this.#begin();
  }

  /** Starts a pending check; call it each second. */
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
