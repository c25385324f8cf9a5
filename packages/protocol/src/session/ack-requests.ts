import type { Counts } from '../counts.js';

/**
 * What this end waits to be acknowledged, and what the other end does (SN-30): each is told of as soon as it is taken, and as
 * soon as it is settled. Made when the first of them is known, because most sessions have none.
 */
export class AckRequests {
  /** The highest number somebody here waits for; 0 for nobody. */
  #wanted = 0;
  /** The highest number the other end was told of. */
  #told = 0;
  /** The highest number the other end has waited for, and the `received` it was told last. */
  #asked = 0;
  #receivedTold = 0;

  /** Whether somebody here waits. */
  get isWaiting(): boolean {
    return this.#wanted > 0;
  }

  /** Somebody here waits for this number; 0 for nobody. @returns whether the other end is to be told of more than before */
  want(number: number): boolean {
    const isMore = number > this.#wanted;
    this.#wanted = number;
    return isMore;
  }

  /** Takes note of the other end's counts; those of a carrier that was overtaken ask for less. */
  note({ want = 0 }: Counts): void {
    this.#asked = Math.max(this.#asked, want);
  }

  /** Everything taken so far shall be acknowledged as if the other end had asked: what it asked before may not be known. */
  assume(received: number): void {
    this.#asked = received;
    this.#receivedTold = received;
  }

  /** Nothing was told: the session is opened anew. */
  untell(): void {
    this.#told = 0;
  }

  /** What is written now acknowledges by itself what is waited for: it need not be asked. */
  tellWritten(written: number): void {
    this.#told = written;
  }

  /** The counts with what is wanted; never above what was written, which the other end could only wait for. */
  addTo(counts: Counts): Counts {
    this.#receivedTold = counts.received;
    const want = Math.min(this.#wanted, counts.sent);
    if (want <= counts.seen) return counts;
    this.#told = want;
    return { ...counts, want };
  }

  /** Whether counts are due by themselves: the other end is to be told of a wish, or waits for any of what they say. */
  isDue(
    outgoing: { readonly written: number; readonly acked: number },
    incoming: { readonly received: number; readonly settled: number; readonly told: number },
  ): boolean {
    if (Math.min(this.#wanted, outgoing.written) > Math.max(this.#told, outgoing.acked)) return true;
    if (this.#asked <= incoming.told) return false;
    return incoming.settled > incoming.told || incoming.received > this.#receivedTold;
  }
}
