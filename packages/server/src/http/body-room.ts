/** A body that has room and is being read. */
export interface BodyWithRoom {
  /** Bytes that it announced and that have not come. */
  readonly missingBytes: number;
  /** Refuses the body, which must remove itself and give its room back before this returns. */
  refuse(): void;
}

/**
 * Bytes of request bodies that are being read or were announced, of each address.
 *
 * An announcement costs its sender nothing. Where there is no room left, the body that lacks the most is refused in favour of a smaller one, so bodies
 * that were announced and do not come keep no poll or message of the same address out. A body never takes the room of one that lacks no more than the
 * body needs, so bodies of one size are refused in the order in which they come.
 */
export class BodyRoom {
  readonly #bytesMax: number;
  readonly #byAddress: Map<string, number> = new Map();
  readonly #bodies: Map<string, Set<BodyWithRoom>> = new Map();

  /** @param bytesMax of one address */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @returns false where the address has no room for so many more; then none were taken */
  take(address: string, bytes: number): boolean {
    const taken = this.#byAddress.get(address) ?? 0;
    if (taken + bytes > this.#bytesMax) return this.#takeFromAnother(address, bytes);
    this.#byAddress.set(address, taken + bytes);
    return true;
  }

  giveBack(address: string, bytes: number): void {
    const left = (this.#byAddress.get(address) ?? 0) - bytes;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }

  /** Names a body that has taken room and may be refused in favour of another. */
  add(address: string, body: BodyWithRoom): void {
    const bodies = this.#bodies.get(address);
    if (bodies === undefined) this.#bodies.set(address, new Set([body]));
    else bodies.add(body);
  }

  remove(address: string, body: BodyWithRoom): void {
    const bodies = this.#bodies.get(address);
    bodies?.delete(body);
    if (bodies?.size === 0) this.#bodies.delete(address);
  }

  #takeFromAnother(address: string, bytes: number): boolean {
    let slowest: BodyWithRoom | null = null;
    for (const body of this.#bodies.get(address) ?? []) {
      if (body.missingBytes > (slowest?.missingBytes ?? bytes)) slowest = body;
    }
    if (slowest === null) return false;
    // It gives back at least what it lacks, which is enough.
    slowest.refuse();
    return this.take(address, bytes);
  }
}
