/** A body that is being read and for which room (a number of bytes) is reserved. */
export interface BudgetedBody {
  /** Number of announced bytes that have not arrived yet. */
  readonly missingBytes: number;
  /** Refuses the body, which must remove itself and give its room back before this returns. */
  refuse(): void;
}

/**
 * Limits the bytes of request bodies that are being read or were announced, for each address.
 *
 * An announcement (`Content-Length`) costs its sender nothing, so announced bodies that never arrive must not keep out
 * other requests of the same address. If there is no room left for a new body, the body that lacks the most bytes is
 * refused instead, provided that it lacks more bytes than the new body needs. Otherwise the new body is refused.
 */
export class BodyBudget {
  readonly #bytesMax: number;
  readonly #byAddress: Map<string, number> = new Map();
  readonly #bodies: Map<string, Set<BudgetedBody>> = new Map();

  /** @param bytesMax for one address */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The reserved bytes of all addresses. */
  get bytes(): number {
    return [...this.#byAddress.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Reserves room. @returns false if the address has no room for it; then nothing was reserved */
  take(address: string, bytes: number): boolean {
    const taken = this.#byAddress.get(address) ?? 0;
    if (taken + bytes > this.#bytesMax) return this.#takeFromAnother(address, bytes);
    this.#byAddress.set(address, taken + bytes);
    return true;
  }

  /** Gives reserved room back. */
  giveBack(address: string, bytes: number): void {
    const left = (this.#byAddress.get(address) ?? 0) - bytes;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }

  /** Registers a body with reserved room that may be refused in favour of another. */
  add(address: string, body: BudgetedBody): void {
    const bodies = this.#bodies.get(address);
    if (bodies === undefined) this.#bodies.set(address, new Set([body]));
    else bodies.add(body);
  }

  /** Removes a body. */
  remove(address: string, body: BudgetedBody): void {
    const bodies = this.#bodies.get(address);
    bodies?.delete(body);
    if (bodies?.size === 0) this.#bodies.delete(address);
  }

  #takeFromAnother(address: string, bytes: number): boolean {
    let slowest: BudgetedBody | null = null;
    for (const body of this.#bodies.get(address) ?? []) {
      if (body.missingBytes > (slowest?.missingBytes ?? bytes)) slowest = body;
    }
    if (slowest === null) return false;
    // The refused body releases at least the bytes that it lacks, which is enough for the new body.
    slowest.refuse();
    return this.take(address, bytes);
  }
}
