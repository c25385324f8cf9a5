/**
 * Returns the share of a common limit that one address may take. The rest, a quarter, is left for all other addresses.
 */
export function shareOfAddress(max: number): number {
  return Math.ceil(max * 0.75);
}

/** Why a place is refused: all places are taken, or this address has its share of them. */
export type PlaceRefusal = 'busy' | 'address_full';

/** The HTTP status of each refusal. */
export const PLACE_STATUS: Readonly<Record<PlaceRefusal, number>> = { busy: 503, address_full: 429 };

/**
 * Tracks the items (sessions, links, pending calls) that share a limit, in the order of their addition, and by the
 * address of their client (see `addressKey`), so that a client that takes too many only harms itself.
 */
export class ByAddress<Item> {
  readonly #addressOf: Map<Item, string> = new Map();
  readonly #byAddress: Map<string, Set<Item>> = new Map();

  get size(): number {
    return this.#addressOf.size;
  }

  has(item: Item): boolean {
    return this.#addressOf.has(item);
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.#addressOf.keys();
  }

  add(item: Item, address: string): void {
    this.#addressOf.set(item, address);
    const items = this.#byAddress.get(address);
    if (items === undefined) this.#byAddress.set(address, new Set([item]));
    else items.add(item);
  }

  /** Removes an item. Returns whether it was tracked. */
  delete(item: Item): boolean {
    const address = this.#addressOf.get(item);
    if (address === undefined) return false;
    this.#addressOf.delete(item);
    const items = this.#byAddress.get(address);
    items?.delete(item);
    if (items?.size === 0) this.#byAddress.delete(address);
    return true;
  }

  sizeOf(address: string): number {
    return this.#byAddress.get(address)?.size ?? 0;
  }

  /** Returns why one more item of this address is not permitted if all together may be `max`; `null` if it is. */
  refusalOf(address: string, max: number): PlaceRefusal | null {
    if (this.size >= max) return 'busy';
    return this.sizeOf(address) >= shareOfAddress(max) ? 'address_full' : null;
  }

  /**
   * Returns the oldest item; `undefined` if there is none.
   *
   * @param address considers only items of this address
   */
  oldest(address?: string): Item | undefined {
    const [item] = address === undefined ? this.#addressOf.keys() : (this.#byAddress.get(address) ?? []);
    return item;
  }
}
