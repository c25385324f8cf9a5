import type { Network } from './network.js';
import type { Item } from './wire.js';

/** How many milliseconds an answer waits for one of the other session to swap with. */
const waitMs = 300;

/** Delivers an answer, which consists of items, to the client of one session. */
type Give = (items: readonly Item[]) => void;

/** An answer that waits for another one to swap with. */
interface Offer {
  readonly network: Network;
  readonly items: readonly Item[];
  readonly give: Give;
}

/** A proxy shared by two sessions that mixes up their downstream answers. */
export class Mixer {
  #waiting: Offer | null = null;

  /**
   * Called when the answer to a poll or a body is complete. Swaps it with the next such answer, mostly of the other
   * session, if one arrives in time. Otherwise delivers it unchanged.
   */
  offer(network: Network, items: readonly Item[], give: Give): void {
    const other = this.#waiting;
    if (other === null) this.#wait({ network, items: [...items], give });
    else {
      this.#waiting = null;
      network.count('answer given to another session');
      give(other.items);
      other.network.later(network.now, () => other.give(items));
    }
  }

  #wait(offer: Offer): void {
    this.#waiting = offer;
    offer.network.later(offer.network.now + waitMs, () => {
      if (this.#waiting !== offer) return;
      this.#waiting = null;
      offer.give(offer.items);
    });
  }

  /**
   * Crosses an open link of each session: from now on, each delivers what the server writes to the other. Returns whether
   * both sessions have such a link.
   */
  cross(one: Network, other: Network, kind: 'stream' | 'duplex'): boolean {
    const [here, there] = [one.pickOpen(kind), other.pickOpen(kind)];
    if (!here || !there) return false;
    here.crossedTo = (item) => other.later(one.now, () => other.receive(there, item));
    there.crossedTo = (item) => one.later(other.now, () => one.receive(here, item));
    for (const network of [one, other]) {
      network.crossed += 1;
      network.count('stream continued by that of another session');
    }
    return true;
  }
}
