/**
 * Counts what came to one broker over its link from each other one, for an adapter: the sender numbers what it sends to this receiver 1, 2, 3
 * and on, and says each second how much that was. So a loss is known by the next publication or by the heartbeat, whichever comes first.
 */
export class BrokerLinks {
  readonly #came = new Map<string, number>();

  /** The `count`th publication of that link came. @returns whether some before it are missing, each told of once */
  came(peer: string, count: number): boolean {
    return this.#moveTo(peer, count) > 1;
  }

  /** A heartbeat: `count` were sent so far. @returns likewise */
  beat(peer: string, count: number): boolean {
    return this.#moveTo(peer, count) > 0;
  }

  /** The link has ended: its next publication is the first. */
  forget(peer: string): void {
    this.#came.delete(peer);
  }

  /** @returns by how many it went on; below 1 where it came again */
  #moveTo(peer: string, count: number): number {
    const before = this.#came.get(peer) ?? 0;
    if (count > before) this.#came.set(peer, count);
    return count - before;
  }
}
