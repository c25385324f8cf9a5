import type { Counts } from '@everywire/protocol/internal';

interface Incoming {
  readonly ackSent: number;
  readonly received: number;
  readonly settled: number;
}

/**
 * Tracks the acknowledgements that the server requests (SN-30). The client requests none, because this build has no awaited
 * sends.
 */
export class AckRequests {
  #asked = 0;
  #receivedSent = 0;

  note({ want = 0 }: Counts): void {
    this.#asked = Math.max(this.#asked, want);
  }

  forgetRequest(): void {
    this.#receivedSent = 0;
  }

  addTo(counts: Counts): Counts {
    this.#receivedSent = counts.received;
    return counts;
  }

  isDue(_: unknown, { ackSent, received, settled }: Incoming): boolean {
    return this.#asked > ackSent && (settled > ackSent || received > this.#receivedSent);
  }
}
