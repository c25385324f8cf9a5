/** A connection that waits for its turn. */
export interface ChunkReader {
  /** Called when the connection may continue to read. */
  takeTurn(): void;
}

/** Number of connections that proceed in one tick. */
const READERS_MAX = 50;

/**
 * Queues connections with very many small chunks, in order of waiting. Only a few proceed in each tick of the event
 * loop, so that no tick becomes long.
 */
export class ChunkReadQueue {
  readonly #waiting: ChunkReader[] = [];
  #scheduled = false;

  /** Queues a connection. */
  wait(reader: ChunkReader): void {
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
