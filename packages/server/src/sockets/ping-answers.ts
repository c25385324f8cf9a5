import { encodePong } from '@everywire/protocol/internal';
import type { Batching, Tick } from '../gathering/tick.js';

/**
 * Answers the pings of one link in a tick. Answers the first few immediately, in order with other frames. Of the
 * others, answers only the last, at the end of the tick, which RFC 6455 section 5.5.3 permits. A flood of pings
 * therefore causes little work.
 */
export class PingAnswers {
  #inPlace = 0;
  #late: Uint8Array | null = null;

  /**
   * Takes a ping.
   *
   * @param payload may change after the call
   * @param inPlaceMax maximum number of pings answered in their place; 0 while earlier bytes wait for the peer
   * @returns the pong to write now; `null`: the tick flushes the link, which then calls `end`
   */
  add(payload: Uint8Array, inPlaceMax: number, turn: Tick, link: Batching): Uint8Array | null {
    if (this.#inPlace < inPlaceMax) {
      this.#inPlace += 1;
      return encodePong(payload);
    }
    if (this.#late === null) turn.add(link);
    this.#late = Buffer.from(payload);
    return null;
  }

  /** Ends the tick. @returns the pong to the last ping that was not answered in its place */
  end(): Uint8Array | null {
    const late = this.#late;
    this.#inPlace = 0;
    this.#late = null;
    return late === null ? null : encodePong(late);
  }
}
