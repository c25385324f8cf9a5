/**
 * Makes the people of this node look where it lost something that it was to tell them (CH-16): at the next tick, and then no more for a minute, since what
 * loses hints is mostly too much to do.
 */
export class LostHints {
  readonly #look: () => void;
  #isDue = false;
  #quietFor = 0;

  constructor(look: () => void) {
    this.#look = look;
  }

  note(): void {
    this.#isDue = true;
  }

  /** Call it each second. */
  tick(): void {
    this.#quietFor -= 1;
    if (!this.#isDue || this.#quietFor > 0) return;
    this.#isDue = false;
    this.#quietFor = quietTicks;
    this.#look();
  }
}

const quietTicks = 60;
