/**
 * Runs a check for changes by other processes that this process may have missed. One check runs at a time, and at most
 * one starts between two calls of `tick`, however often it is requested. A failed check is retried at the next `tick`.
 */
export class CoalescedCheck {
  readonly #look: () => Promise<void>;
  /** Called with the first of several consecutive failures. */
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

  /** Starts a pending check. The caller must call this each second. */
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
