import { ClientLink } from './client-link.js';
import type { LinkKind, Transport } from './contract.js';

/**
 * The links of one session at the client: which are read, which of them carries down, which carries up, and which is tried next (SN-10).
 * It calls nobody.
 */
export class ClientLinks {
  readonly #all: Set<ClientLink> = new Set();
  /** The down link in use, `null` while there is none. */
  #current: ClientLink | null = null;
  /** The next down link, until its head has come. */
  #candidate: ClientLink | null = null;
  /** The two-way link written to; without one, bodies travel by POST. */
  #up: ClientLink | null = null;
  /** Whether the head of a down link has come and none has failed since. */
  #attached = false;
  /** Highest attach number used. */
  #attaches = 0;
  /** Two-way links in a row that ended before their head came. */
  #unheard = 0;

  /** Every carrier that is still read. */
  get all(): ReadonlySet<ClientLink> {
    return this.#all;
  }

  get current(): ClientLink | null {
    return this.#current;
  }

  get candidate(): ClientLink | null {
    return this.#candidate;
  }

  get up(): ClientLink | null {
    return this.#up;
  }

  get attached(): boolean {
    return this.#attached;
  }

  /** Something on the way may take offence at what a handshake brings: every third try in a row goes without (SN-40). */
  get usesHeads(): boolean {
    return this.#unheard % 3 < 2;
  }

  has(link: ClientLink): boolean {
    return this.#all.has(link);
  }

  add(kind: LinkKind, transport: Transport | null, opens: Transport | null, now: number): ClientLink {
    const link = new ClientLink(kind, transport, opens, now);
    this.#all.add(link);
    return link;
  }

  /** Goes on with the one link of the first stage. @param opened the server has said that it knows the session */
  adopt(link: ClientLink, opened: boolean, attached: boolean): void {
    this.#all.add(link);
    this.#attaches = link.n;
    if (opened) this.#current = link;
    if (attached) this.#up = link;
    this.#attached = attached;
  }

  /** Gives a link the next attach number. */
  number(link: ClientLink): number {
    this.#attaches += 1;
    link.n = this.#attaches;
    return link.n;
  }

  /** The attach number of a link that opens the session. */
  first(): number {
    this.#attaches = 1;
    return 1;
  }

  /** Attach numbers up to this one were used. @returns whether a higher one was already */
  raise(n: number): boolean {
    const isBelow = n < this.#attaches;
    this.#attaches = Math.max(this.#attaches, n);
    return isBelow;
  }

  /** Makes it the next down link, beside the current one. */
  offer(link: ClientLink | null): void {
    this.#candidate = link;
  }

  /** Makes it the down link; what is tried beside it goes on. */
  use(link: ClientLink | null): void {
    this.#current = link;
  }

  /** Makes the next down link the current one, where there is one. @returns it */
  promote(): ClientLink | null {
    this.#current = this.#candidate;
    this.#candidate = null;
    return this.#current;
  }

  /** The head of the current link came. */
  attach(): void {
    this.#attached = true;
    this.#unheard = 0;
  }

  /** There is no down link any more. @returns whether there was one that had attached */
  detach(): boolean {
    const was = this.#attached;
    this.#attached = false;
    return was;
  }

  writeTo(link: ClientLink | null): void {
    this.#up = link;
  }

  /** Takes note of a two-way link that ended before its head came. */
  endedUnheard(): void {
    this.#unheard += 1;
  }

  /** Forgets that it is read. @returns whether it was the one written to */
  remove(link: ClientLink): boolean {
    this.#all.delete(link);
    if (this.#up !== link) return false;
    this.#up = null;
    return true;
  }

  /** The session is not known at the server: attach numbers begin anew (SN-14). */
  renumber(): void {
    this.#attaches = 0;
  }

  /** Forgets all of them. @returns those that were read */
  clear(): readonly ClientLink[] {
    const links = [...this.#all];
    this.#all.clear();
    this.#current = this.#candidate = this.#up = null;
    this.#attached = false;
    return links;
  }
}
