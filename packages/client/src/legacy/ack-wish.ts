import type { Counts } from '@everywire/protocol/internal';

/** What the other end waits to be acknowledged (SN-30); here nobody waits, for promised sends are not in this build. */
export class AckWish {
  #asked = 0;
  #receivedTold = 0;

  note({ want = 0 }: Counts): void {
    this.#asked = Math.max(this.#asked, want);
  }

  addTo(counts: Counts): Counts {
    this.#receivedTold = counts.received;
    return counts;
  }

  due({
    ackTold,
    received,
    settled,
  }: {
    readonly ackTold: number;
    readonly received: number;
    readonly settled: number;
  }): boolean {
    return this.#asked > ackTold && (settled > ackTold || received > this.#receivedTold);
  }
}
