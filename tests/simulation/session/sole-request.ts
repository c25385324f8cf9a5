import type { Wire } from './wire.js';

/** Lets one request of a client be under way at a time, as where other tabs hold the rest of a browser's connections (SN-47). */
export class SoleRequest {
  readonly #later: (begin: () => void) => void;
  readonly #waiting = new Map<Wire, () => void>();
  #running: Wire | null = null;

  /** @param later begins a request in a turn of its own */
  constructor(later: (begin: () => void) => void) {
    this.#later = later;
  }

  /** @returns whether it has to wait */
  take(wire: Wire, begin: () => void): boolean {
    if (this.#running) {
      this.#waiting.set(wire, begin);
      return true;
    }
    this.#running = wire;
    begin();
    return false;
  }

  /** Its answer is over, or its client has given it up. */
  ended(wire: Wire): void {
    this.#waiting.delete(wire);
    if (wire !== this.#running) return;
    this.#running = null;
    this.#later(() => {
      const [next] = this.#waiting;
      if (!next || this.#running) return;
      this.#waiting.delete(next[0]);
      this.take(...next);
    });
  }
}
