import type { Counts } from '../counts.js';

/**
 * Tracks the messages for which this end or the peer requests acknowledgements (SN-30). Each of these messages is
 * reported as soon as it is received, and again as soon as it is settled (the application has handled it). Created on
 * demand, because most sessions have no requests.
 */
export class AckRequests {
  /** The highest number that this end waits for; 0 for none. */
  #wanted = 0;
  /** The highest number requested from the peer so far. */
  #requested = 0;
  /** The highest number that the peer has requested, and the `received` that this end last stated to the peer. */
  #asked = 0;
  #receivedSent = 0;

  /** Whether this end waits for an acknowledgement. */
  get isWaiting(): boolean {
    return this.#wanted > 0;
  }

  /**
   * Sets the number that this end waits for; 0 for none.
   *
   * @returns whether the number has risen, so that the peer must be asked
   */
  want(number: number): boolean {
    const isMore = number > this.#wanted;
    this.#wanted = number;
    return isMore;
  }

  /** Records the request in the peer's counts. A lower request in counts that arrive late is ignored. */
  note({ want = 0 }: Counts): void {
    this.#asked = Math.max(this.#asked, want);
  }

  /**
   * Acts as if the peer had requested everything received so far, because the peer's earlier requests are not known.
   */
  assume(received: number): void {
    this.#asked = received;
    this.#receivedSent = received;
  }

  /** Forgets what was requested from the peer, because the session is opened again. */
  forgetRequest(): void {
    this.#requested = 0;
  }

  /** Records that messages up to `written` need no request, because the peer acknowledges their delivery anyway. */
  skipRequest(written: number): void {
    this.#requested = written;
  }

  /**
   * Adds the request to the counts, limited to the messages that were written, because the peer cannot acknowledge more
   * yet.
   */
  addTo(counts: Counts): Counts {
    this.#receivedSent = counts.received;
    const want = Math.min(this.#wanted, counts.sent);
    if (want <= counts.seen) return counts;
    this.#requested = want;
    return { ...counts, want };
  }

  /**
   * Returns whether counts must be sent now: the peer does not know a request of this end, or it has requested what the
   * counts state.
   */
  isDue(
    outgoing: { readonly written: number; readonly acked: number },
    incoming: { readonly received: number; readonly settled: number; readonly ackSent: number },
  ): boolean {
    if (Math.min(this.#wanted, outgoing.written) > Math.max(this.#requested, outgoing.acked)) return true;
    if (this.#asked <= incoming.ackSent) return false;
    return incoming.settled > incoming.ackSent || incoming.received > this.#receivedSent;
  }
}
