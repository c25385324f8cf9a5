import type { Counts } from '../counts.js';
import type { SessionCore } from './session-core.js';

/** What this end waits to be acknowledged, and what the other end does (SN-30). Made when the first of them is known. */
export class AckWish {
  /** The highest number somebody here waits for; 0 for nobody. */
  wanted = 0;
  /** The highest number the other end was told of. */
  told = 0;
  /** The highest number the other end has waited for. */
  #asked = 0;
  #receivedTold = 0;

  /** Takes note of the other end's counts; those of a carrier that was overtaken ask for less. */
  note({ want = 0 }: Counts): void {
    this.#asked = Math.max(this.#asked, want);
  }

  /** Everything taken so far shall be acknowledged as if the other end had asked: what it asked before may not be known. */
  assume(core: SessionCore): void {
    this.#asked = core.received;
    this.#receivedTold = core.received;
  }

  /** The counts with what is wanted; never above what was written, which the other end could only wait for. */
  addTo(counts: Counts, core: SessionCore): Counts {
    this.#receivedTold = counts.received;
    const want = Math.min(this.wanted, core.written);
    if (want <= core.acked) return counts;
    this.told = want;
    return { ...counts, want };
  }

  /** Whether counts are due by themselves: the other end is to be told of a wish, or waits for any of what they say. */
  due(core: SessionCore): boolean {
    if (Math.min(this.wanted, core.written) > Math.max(this.told, core.acked)) return true;
    const asked = this.#asked;
    if (asked <= core.ackTold) return false;
    return core.settled > core.ackTold || core.received > this.#receivedTold;
  }
}
