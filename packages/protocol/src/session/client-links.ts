import { ClientLink } from './client-link.js';
import type { LinkKind, Transport } from './contract.js';

/**
 * Tracks the links of one session at the client (SN-10): which links are read, which one carries messages down from the
 * server, which one carries messages up, and which one is tried next. Makes no calls.
 */
export class ClientLinks {
  readonly #all: Set<ClientLink> = new Set();
  /** The down link in use, `null` while there is none. */
  #current: ClientLink | null = null;
  /** The next down link, until its head arrives. */
  #candidate: ClientLink | null = null;
  /** The two-way link written to. Without one, bodies are sent by POST. */
  #up: ClientLink | null = null;
  /** Whether the head of a down link has arrived and no link has failed since. */
  #attached = false;
  /** Highest attach number used. */
  #attaches = 0;
  /** Consecutive two-way links that ended before their head arrived. */
  #unheard = 0;

  /** Every carrier that is still read. */
  get all(): ReadonlySet<ClientLink> {
    return this.#all;
  }

  /** The down link in use. */
  get current(): ClientLink | null {
    return this.#current;
  }

  /** The next down link, until its head arrives. */
  get candidate(): ClientLink | null {
    return this.#candidate;
  }

  /** The two-way link written to, if any. */
  get up(): ClientLink | null {
    return this.#up;
  }

  /** Whether the head of a down link has arrived and no link has failed since. */
  get attached(): boolean {
    return this.#attached;
  }

  /**
   * Whether to put records in the handshake. Every third attempt in a row omits them, in case an intermediary objects
   * (SN-40).
   */
  get usesHeads(): boolean {
    return this.#unheard % 3 < 2;
  }

  /** Returns whether the link is still read. */
  has(link: ClientLink): boolean {
    return this.#all.has(link);
  }

  /** Creates a link that is read from now on. */
  add(kind: LinkKind, transport: Transport | null, opens: Transport | null, now: number): ClientLink {
    const link = new ClientLink(kind, transport, opens, now);
    this.#all.add(link);
    return link;
  }

  /** Takes over the only link of the first stage. @param opened the server has answered the `open` */
  adopt(link: ClientLink, opened: boolean, attached: boolean): void {
    this.#all.add(link);
    this.#attaches = link.n;
    if (opened) this.#current = link;
    if (attached) this.#up = link;
    this.#attached = attached;
  }

  /** Assigns the next attach number to a link. */
  number(link: ClientLink): number {
    this.#attaches += 1;
    link.n = this.#attaches;
    return link.n;
  }

  /** Returns the attach number of a link that opens the session. */
  first(): number {
    this.#attaches = 1;
    return 1;
  }

  /** Records that attach numbers up to `n` are used. @returns whether a higher one was used already */
  raise(n: number): boolean {
    const isBelow = n < this.#attaches;
    this.#attaches = Math.max(this.#attaches, n);
    return isBelow;
  }

  /** Sets the next down link, in addition to the current one. */
  offer(link: ClientLink | null): void {
    this.#candidate = link;
  }

  /** Sets the current down link, without affecting the next one. */
  use(link: ClientLink | null): void {
    this.#current = link;
  }

  /** Makes the next down link the current one and returns it; `null` if there is none. */
  promote(): ClientLink | null {
    this.#current = this.#candidate;
    this.#candidate = null;
    return this.#current;
  }

  /** Records that the head of the current link arrived. */
  attach(): void {
    this.#attached = true;
    this.#unheard = 0;
  }

  /** Records that there is no down link. @returns whether there was an attached one */
  detach(): boolean {
    const was = this.#attached;
    this.#attached = false;
    return was;
  }

  /** Sets the two-way link to write to. */
  writeTo(link: ClientLink | null): void {
    this.#up = link;
  }

  /** Records that a two-way link ended before its head arrived. */
  endedUnheard(): void {
    this.#unheard += 1;
  }

  /** Removes a link. @returns whether it was the one written to */
  remove(link: ClientLink): boolean {
    this.#all.delete(link);
    if (this.#up !== link) return false;
    this.#up = null;
    return true;
  }

  /** Restarts the attach numbers, because the server does not know the session (SN-14). */
  renumber(): void {
    this.#attaches = 0;
  }

  /** Removes all links and returns them. */
  clear(): readonly ClientLink[] {
    const links = [...this.#all];
    this.#all.clear();
    this.#current = this.#candidate = this.#up = null;
    this.#attached = false;
    return links;
  }
}
