import type { ServerResponse } from 'node:http';

/** Limits the number of concurrent requests; others wait in arrival order. */
export class RequestSlots {
  readonly #waiting: Map<ServerResponse, () => void> = new Map();
  readonly #atOnce: () => number;
  #taken = 0;

  /** @param atOnce returns the current limit; called whenever a request begins or ends */
  constructor(atOnce: () => number) {
    this.#atOnce = atOnce;
  }

  /** Calls `begin` when there is a free slot, unless the client disconnects before. Returns whether the request must wait. */
  take(answer: ServerResponse, begin: () => void): boolean {
    if (answer.destroyed) return false;
    let began = false;
    this.#waiting.set(answer, () => {
      began = true;
      begin();
    });
    answer.on('close', () => {
      if (began) this.#taken--;
      this.#waiting.delete(answer);
      this.#fill();
    });
    this.#fill();
    return !began;
  }

  #fill(): void {
    for (const [answer, begin] of this.#waiting) {
      if (this.#taken >= this.#atOnce()) return;
      this.#waiting.delete(answer);
      this.#taken++;
      begin();
    }
  }
}
