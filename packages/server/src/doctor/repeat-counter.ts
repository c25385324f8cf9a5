import { ByAddress, shareOfAddress } from '../addresses/by-address.js';

/**
 * Counts how often each of the latest ids arrived, so that a doctor (a client that examines the network) learns whether a
 * proxy repeats requests. Evicts the ids that have not arrived for longest, first those of an address with too many, so
 * that its size is bounded and one client cannot evict the ids of others.
 */
export class RepeatCounter {
  readonly #times: Map<string, number> = new Map();
  readonly #ids: ByAddress<string> = new ByAddress();
  readonly #idsMax: number;

  constructor(idsMax: number) {
    this.#idsMax = idsMax;
  }

  /** Counts an id that arrived from an address. @returns how often it has arrived, including this time */
  count(id: string, address: string): number {
    const times = this.timesOf(id) + 1;
    this.#ids.delete(id);
    this.#ids.add(id, address);
    this.#times.set(id, times);
    if (this.#ids.sizeOf(address) > shareOfAddress(this.#idsMax)) this.#drop(this.#ids.oldest(address) as string);
    if (this.#ids.size > this.#idsMax) this.#drop(this.#ids.oldest() as string);
    return times;
  }

  /** Returns how often an id has arrived. */
  timesOf(id: string): number {
    return this.#times.get(id) ?? 0;
  }

  #drop(id: string): void {
    this.#ids.delete(id);
    this.#times.delete(id);
  }
}
