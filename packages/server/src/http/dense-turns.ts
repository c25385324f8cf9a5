/** A connection that waits for its turn. */
export interface DenseReader {
  takeTurn(): void;
}

/** Connections that go on in one turn of the event loop. */
const READERS_MAX = 50;

/**
 * Connections whose bytes are very many small chunks, in the order in which they wait. Few go on in each turn of the event loop, so that no
 * turn becomes long however many there are.
 */
export class DenseTurns {
  readonly #waiting: DenseReader[] = [];
  #scheduled = false;

  wait(reader: DenseReader): void {
    this.#waiting.push(reader);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const readers = this.#waiting.splice(0, READERS_MAX);
      if (this.#waiting.length > 0) this.#schedule();
      for (const reader of readers) reader.takeTurn();
    });
  }
}
