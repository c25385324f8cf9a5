/**
 * Tracks unconfirmed sessions: those whose client has not yet proved that it received the session's id (SN-14). Keeps
 * them in the order of their opening, and by the address of their client (see `addressKey`), so that a client that
 * opens too many only loses its own sessions.
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

  /**
   * Returns the oldest session; `undefined` if there is none.
   *
   * @param address considers only sessions of this address
   */
  oldest(address?: string): Session | undefined {
    const [session] = address === undefined ? this.#addressOf.keys() : (this.#byAddress.get(address) ?? []);
    return session;
  }
}
