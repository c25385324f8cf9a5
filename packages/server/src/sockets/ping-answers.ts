import { encodePong } from '@everywire/protocol/internal';
import type { Gathering, Turn } from '../gathering/turn.js';

/**
 * The pings of one link and tick: the first ones are answered in their place, each by itself; of all others the last is
 * answered when the tick ends (RFC 6455 section 5.5.3), so that a flood of pings gains nothing.
 */
export class PingAnswers {
  #inPlace = 0;
  #late: Uint8Array | null = null;

  /**
   * @param payload may change after the call.
   * @param inPlaceMax so many are answered in their place; 0 while earlier bytes wait for the peer.
   * @returns the pong to write now; `null`: the turn flushes the link, which then calls `end`.
   */
  add(payload: Uint8Array, inPlaceMax: number, turn: Turn, link: Gathering): Uint8Array | null {
    if (this.#inPlace < inPlaceMax) {
      this.#inPlace += 1;
      return encodePong(payload);
    }
    if (this.#late === null) turn.add(link);
    this.#late = Buffer.from(payload);
    return null;
  }

  /** The tick is over. @returns the pong of the last ping that was not answered in its place. */
  end(): Uint8Array | null {
    const late = this.#late;
    this.#inPlace = 0;
    this.#late = null;
    return late === null ? null : encodePong(late);
  }
}
