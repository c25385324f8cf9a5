import type { ServerResponse } from 'node:http';

/** Lets so many requests be under way together; others wait for one of them to end, in the order in which they came. */
export class RequestSlots {
  readonly #waiting: Map<ServerResponse, () => void> = new Map();
  readonly #atOnce: () => number;
  #taken = 0;

  /** @param atOnce asked anew whenever one begins or ends */
  constructor(atOnce: () => number) {
    this.#atOnce = atOnce;
  }

  /** Begins when there is room, unless the client gives up before. @returns whether it has to wait */
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
