import type { Wire } from './wire.js';

/**
 * Allows one request of a client at a time, as if other tabs used all other connections of the browser (SN-47). Further
 * requests wait in order.
 */
export class SoleRequest {
  readonly #later: (begin: () => void) => void;
  readonly #waiting = new Map<Wire, () => void>();
  #running: Wire | null = null;

  /** @param later begins a request in a later step */
  constructor(later: (begin: () => void) => void) {
    this.#later = later;
  }

  /** Begins a request, or lets it wait. Returns whether it has to wait. */
  take(wire: Wire, begin: () => void): boolean {
    if (this.#running) {
      this.#waiting.set(wire, begin);
      return true;
    }
    this.#running = wire;
    begin();
    return false;
  }

  /** Called when the answer of a request has ended, or the client has aborted the request. */
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
