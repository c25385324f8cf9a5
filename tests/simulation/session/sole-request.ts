import type { Wire } from './wire.js';

/** Allows one request of a client at a time, as if other tabs held the rest of a browser's connections (SN-47). */
export class SoleRequest {
  readonly #later: (begin: () => void) => void;
  readonly #waiting = new Map<Wire, () => void>();
  #running: Wire | null = null;

  /** @param later begins a request in a later step */
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

  /** Called when its answer has ended, or its client has given it up. */
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
