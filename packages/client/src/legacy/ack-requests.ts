import type { Counts } from '@everywire/protocol/internal';

interface Incoming {
  readonly told: number;
  readonly received: number;
  readonly settled: number;
}

/**
 * Tracks the acknowledgements that the server requests (SN-30). The client requests none, because this build has no awaited
 * sends.
 */
export class AckRequests {
  #asked = 0;
  #receivedTold = 0;

  note({ want = 0 }: Counts): void {
    this.#asked = Math.max(this.#asked, want);
  }

  untell(): void {
    this.#receivedTold = 0;
  }

  addTo(counts: Counts): Counts {
    this.#receivedTold = counts.received;
    return counts;
  }

  isDue(_: unknown, { told, received, settled }: Incoming): boolean {
    return this.#asked > told && (settled > told || received > this.#receivedTold);
  }
}
