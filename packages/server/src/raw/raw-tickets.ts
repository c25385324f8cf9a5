import type { ServerLimits } from '../limits.js';
import { createSecret } from '../sessions/create-secret.js';
import type { Claims } from '../wire-session.js';
import type { RawLinkKind } from './raw-link.js';

/** What a raw ticket stands for. */
export interface RawGrant {
  readonly kind: RawLinkKind;
  readonly claims: Claims;
  readonly topics: readonly string[];
}

interface Held {
  readonly grant: RawGrant;
  readonly until: number;
}

/** A stream that was opened by a ticket. */
interface Opened {
  readonly grant: RawGrant;
  /** Ends it, because the same reader came anew before its end was noticed here. */
  readonly end: () => void;
}

/**
 * Keys for addresses, so that no token stands in one (SN-20). For a WebSocket a ticket is good once. An `EventSource` comes again
 * with the same address, so there it is good for one stream at a time: while it runs, and for a while after it ended.
 */
export class RawTickets {
  readonly #limits: Pick<ServerLimits, 'ticketMs' | 'ticketsMax' | 'rawResumeMs'>;
  readonly #now: () => number;
  readonly #held: Map<string, Held> = new Map();
  readonly #opened: Map<string, Opened> = new Map();

  constructor(limits: Pick<ServerLimits, 'ticketMs' | 'ticketsMax' | 'rawResumeMs'>, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  issue(grant: RawGrant): string {
    const ticket = createSecret();
    this.#hold(ticket, grant, this.#limits.ticketMs);
    return ticket;
  }

  /** What it stands for, once; a stream that runs by it ends. */
  spend(ticket: string, kind: RawLinkKind): RawGrant | null {
    const opened = this.#opened.get(ticket);
    if (opened !== undefined && opened.grant.kind === kind) {
      this.#opened.delete(ticket);
      opened.end();
      return opened.grant;
    }
    const held = this.#held.get(ticket);
    if (held === undefined || held.grant.kind !== kind || held.until <= this.#now()) return null;
    this.#held.delete(ticket);
    return held.grant;
  }

  /** A stream runs by this ticket. @returns to be called when it has ended: from then on the ticket is good again. */
  open(ticket: string, grant: RawGrant, end: () => void): () => void {
    const opened = { grant, end };
    this.#opened.set(ticket, opened);
    return () => {
      if (this.#opened.get(ticket) !== opened) return;
      this.#opened.delete(ticket);
      this.#hold(ticket, grant, this.#limits.rawResumeMs);
    };
  }

  /** A stream that runs is ended by whoever revokes; its ticket must not outlive it. */
  revoke(match: (claims: Claims) => boolean): void {
    for (const tickets of [this.#held, this.#opened]) {
      for (const [ticket, { grant }] of tickets) if (match(grant.claims)) tickets.delete(ticket);
    }
  }

  #hold(ticket: string, grant: RawGrant, forMs: number): void {
    const now = this.#now();
    for (const [old, { until }] of this.#held) {
      if (until > now && this.#held.size < this.#limits.ticketsMax) break;
      this.#held.delete(old);
    }
    this.#held.set(ticket, { grant, until: now + forMs });
  }
}
