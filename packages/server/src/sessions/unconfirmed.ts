/**
 * Sessions that nobody has come back for yet (SN-14), in the order they came, and by the address that opened them, as limits count it (`addressKey`): one address
 * that opens without end pushes out its own and no other's.
 */
export class Unconfirmed<Session> {
  readonly #addressOf: Map<Session, string> = new Map();
  readonly #byAddress: Map<string, Set<Session>> = new Map();

  get size(): number {
    return this.#addressOf.size;
  }

  has(session: Session): boolean {
    return this.#addressOf.has(session);
  }

  add(session: Session, address: string): void {
    this.#addressOf.set(session, address);
    const sessions = this.#byAddress.get(address);
    if (sessions === undefined) this.#byAddress.set(address, new Set([session]));
    else sessions.add(session);
  }

  delete(session: Session): void {
    const address = this.#addressOf.get(session);
    if (address === undefined) return;
    this.#addressOf.delete(session);
    const sessions = this.#byAddress.get(address);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byAddress.delete(address);
  }

  sizeOf(address: string): number {
    return this.#byAddress.get(address)?.size ?? 0;
  }

  /** @param address of that address alone; else of all */
  oldest(address?: string): Session | undefined {
    const [session] = address === undefined ? this.#addressOf.keys() : (this.#byAddress.get(address) ?? []);
    return session;
  }
}
