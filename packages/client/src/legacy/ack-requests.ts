import type { Counts } from '@everywire/protocol/internal';

/**
 * The numbers of messages that the client has received (`received`), that the application has processed (`settled`),
 * and that the last acknowledgement stated (`ackSent`).
 */
interface Incoming {
  readonly ackSent: number;
  readonly received: number;
  readonly settled: number;
}

/**
 * Tracks the acknowledgements that the server requests (SN-30). Replaces the protocol's class in the legacy build. The
 * client requests none itself, because this build has no awaited sends.
 */
export class AckRequests {
  /** Number of the message up to which the server requests an acknowledgement. */
  #asked = 0;
  /** The number of received messages that the client stated last. */
  #receivedSent = 0;

  /** Notes the number of the message up to which the server requests an acknowledgement. */
  note({ want = 0 }: Counts): void {
    this.#asked = Math.max(this.#asked, want);
  }

  /**
   * Handles that the session is opened again: the server does not know the stated number of received messages any more.
   */
  forgetRequest(): void {
    this.#receivedSent = 0;
  }

  /** Notes that these counts are sent. The protocol's class also adds the client's own requests. */
  addTo(counts: Counts): Counts {
    this.#receivedSent = counts.received;
    return counts;
  }

  /** Returns whether an acknowledgement that the server requests must be sent now. */
  isDue(_: unknown, { ackSent, received, settled }: Incoming): boolean {
    return this.#asked > ackSent && (settled > ackSent || received > this.#receivedSent);
  }
}
