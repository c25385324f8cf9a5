import { ByAddress, shareOfAddress } from '../addresses/by-address.js';
import type { ServerLimits } from '../limits.js';
import { createSecret } from '../sessions/create-secret.js';
import type { Claims } from '../wire-session.js';
import type { RawLinkKind } from './raw-link.js';

/** The rights that a raw ticket grants. */
export interface RawGrant {
  readonly kind: RawLinkKind;
  readonly claims: Claims;
  readonly topics: readonly string[];
  /** The address of the client that requested the ticket, see `addressKey`. */
  readonly address: string;
}

/** An unspent ticket. `until`: when it expires, in milliseconds of the server's clock. */
interface Held {
  readonly grant: RawGrant;
  readonly until: number;
}

/** A stream that was opened by a ticket. */
interface Opened {
  readonly grant: RawGrant;
  /** Ends the stream, because its reader reconnected before the server noticed the end. */
  readonly end: () => void;
}

/**
 * Stores tickets for the addresses of raw links, so that addresses contain no token (SN-20). A ticket for a WebSocket
 * can be used once. An `EventSource` reconnects with the same address, so its ticket can be used again for a time after
 * its stream has ended. Only one stream at a time uses a ticket.
 */
export class RawTickets {
  readonly #limits: Pick<ServerLimits, 'ticketMs' | 'ticketsMax' | 'rawResumeMs'>;
  readonly #now: () => number;
  readonly #held: Map<string, Held> = new Map();
  readonly #opened: Map<string, Opened> = new Map();
  /** The unspent tickets. */
  readonly #unspent: ByAddress<string> = new ByAddress();

  constructor(limits: Pick<ServerLimits, 'ticketMs' | 'ticketsMax' | 'rawResumeMs'>, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Number of tickets that open streams use. */
  get openCount(): number {
    return this.#opened.size;
  }

  issue(grant: RawGrant): string {
    const ticket = createSecret();
    this.#hold(ticket, grant, this.#limits.ticketMs);
    return ticket;
  }

  /** Returns the grant of a ticket and spends it. Ends the stream that uses it, if any. */
  spend(ticket: string, kind: RawLinkKind): RawGrant | null {
    const opened = this.#opened.get(ticket);
    if (opened !== undefined && opened.grant.kind === kind) {
      this.#opened.delete(ticket);
      opened.end();
      return opened.grant;
    }
    const held = this.#held.get(ticket);
    if (held === undefined || held.grant.kind !== kind || held.until <= this.#now()) return null;
    this.#drop(ticket);
    return held.grant;
  }

  /**
   * Registers a stream that uses this ticket. @returns a function to call at the stream's end; the ticket is then valid
   * again
   */
  open(ticket: string, grant: RawGrant, end: () => void): () => void {
    const opened = { grant, end };
    this.#opened.set(ticket, opened);
    return () => {
      if (this.#opened.get(ticket) !== opened) return;
      this.#opened.delete(ticket);
      this.#hold(ticket, grant, this.#limits.rawResumeMs);
    };
  }

  /** Drops the matching tickets. The caller must end the matching streams. */
  revoke(match: (claims: Claims) => boolean): void {
    for (const [ticket, { grant }] of this.#held) if (match(grant.claims)) this.#drop(ticket);
    for (const [ticket, { grant }] of this.#opened) if (match(grant.claims)) this.#opened.delete(ticket);
  }

  #hold(ticket: string, grant: RawGrant, forMs: number): void {
    const now = this.#now();
    const { ticketsMax } = this.#limits;
    const { address } = grant;
    // A client that requests too many only loses its own.
    if (this.#unspent.sizeOf(address) >= shareOfAddress(ticketsMax))
      this.#drop(this.#unspent.oldest(address) as string);
    for (const [old, { until }] of this.#held) {
      if (until > now && this.#held.size < ticketsMax) break;
      this.#drop(old);
    }
    this.#held.set(ticket, { grant, until: now + forMs });
    this.#unspent.add(ticket, address);
  }

  #drop(ticket: string): void {
    this.#held.delete(ticket);
    this.#unspent.delete(ticket);
  }
}
