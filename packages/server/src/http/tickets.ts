import type { AttachRecord } from '@everywire/protocol/internal';
import type { ServerLimits } from '../limits.js';
import { createSecret } from '../sessions/create-secret.js';
import type { UrlQuery } from './plain-query.js';

/** The next ticket of a client. It is sent with an answer that is in flight. */
export interface NextTicket {
  readonly text: string;
}

/**
 * Stores tickets. A ticket is a single-use key for one attach, so that the address of a GET contains no lasting secret
 * (SN-20). Drops expired tickets, and the oldest ones when there are too many.
 */
export interface Tickets {
  issue(attach: AttachRecord): string;
  /**
   * Issues the next ticket with an answer that is in flight. It does not expire before that answer has ended.
   *
   * @param attach as returned by `spend`
   */
  issueNext(attach: AttachRecord): NextTicket;
  /** Starts the time until a ticket expires. The caller must call this when the answer with the ticket has ended. */
  ended(ticket: NextTicket): void;
  /**
   * Returns the attach of a ticket and spends it; `undefined` for one that is spent, expired or was never issued.
   *
   * @param query the query, whose attach number and counts replace those of the ticket. With another instance, the
   * ticket is not spent.
   */
  spend(ticket: string, query: UrlQuery): AttachRecord | 'malformed' | undefined;
  /** Returns the number of tickets whose answer is in flight. */
  standing(): number;
}

/** Expiry of a ticket whose answer is in flight. `GONE` is that of a spent or dropped one. */
const STANDING: number = Number.POSITIVE_INFINITY;
const GONE = 0;

/** An issued ticket: the attach that it stands for, its expiry, and its place among the others. */
interface Held extends NextTicket {
  readonly attach: AttachRecord;
  /** `STANDING`, the time of its expiry, or `GONE`. */
  until: number;
  /** The neighbours in the ring of tickets by age. Set once the answer with the ticket has ended. */
  older: Held;
  newer: Held;
}

/**
 * Creates the store of tickets.
 *
 * @param now returns milliseconds
 */
export function createTickets(limits: Pick<ServerLimits, 'ticketsMax' | 'ticketMs'>, now: () => number): Tickets {
  const held = new Map<string, Held>();
  /** A ring of the tickets that expire: `newer` of this entry is the oldest, `older` is the newest. */
  const ring = createHeld('', NOTHING);
  let aging = 0;

  function forget(entry: Held): void {
    held.delete(entry.text);
    if (entry.until !== STANDING) {
      entry.older.newer = entry.newer;
      entry.newer.older = entry.older;
      // Unlinks the entry, because an unreachable old entry would keep its neighbour alive in minor garbage
      // collections.
      entry.older = entry;
      entry.newer = entry;
      aging -= 1;
    }
    entry.until = GONE;
  }

  function age(entry: Held): void {
    const time = now();
    while (aging > 0 && (ring.newer.until <= time || aging >= limits.ticketsMax)) forget(ring.newer);
    entry.until = time + limits.ticketMs;
    entry.older = ring.older;
    entry.newer = ring;
    ring.older.newer = entry;
    ring.older = entry;
    aging += 1;
  }

  function hold(attach: AttachRecord): Held {
    const entry = createHeld(createSecret(), attach);
    held.set(entry.text, entry);
    return entry;
  }

  return {
    issue(attach): string {
      // Keep only known fields of the body.
      const entry = hold(withCounts(attach, NOTHING_TOLD) as AttachRecord);
      age(entry);
      return entry.text;
    },
    issueNext: hold,
    ended(ticket): void {
      const entry = ticket as Held;
      if (entry.until === STANDING) age(entry);
    },
    spend(ticket, query): AttachRecord | 'malformed' | undefined {
      const entry = held.get(ticket);
      if (entry === undefined) return undefined;
      const { attach, until } = entry;
      // The answer reached another client, so the ticket stays valid for its own (SN-41).
      if (numberIn(query, 'instance', attach.instance) !== attach.instance) return undefined;
      forget(entry);
      return until > now() ? withCounts(attach, query) : undefined;
    },
    standing: () => held.size - aging,
  };
}

function createHeld(text: string, attach: AttachRecord): Held {
  const entry = { text, attach, until: STANDING } as Held;
  entry.older = entry;
  entry.newer = entry;
  return entry;
}

const NOTHING_TOLD: UrlQuery = { get: () => null };
const NOTHING = {} as AttachRecord;
const DIGITS = /^\d{1,16}$/;

/** Returns the number in the query, or `otherwise` if it has none; `NaN` for an invalid one. */
function numberIn(query: UrlQuery, name: string, otherwise: number): number;
function numberIn(query: UrlQuery, name: string, otherwise: number | undefined): number | undefined;
function numberIn(query: UrlQuery, name: string, otherwise: number | undefined): number | undefined {
  const text = query.get(name) ?? null;
  if (text === null) return otherwise;
  const value = DIGITS.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function flagIn(query: UrlQuery, name: string, otherwise: boolean | undefined): boolean | undefined {
  const text = query.get(name) ?? null;
  return text === null ? otherwise : text === 'true';
}

/**
 * Returns the attach with the values of the query. Validates only the values, because each poll calls it, and the attach was
 * valid at issue.
 */
function withCounts(attach: AttachRecord, query: UrlQuery): AttachRecord | 'malformed' {
  const n = numberIn(query, 'n', attach.n);
  const ack = numberIn(query, 'ack', attach.ack);
  const received = numberIn(query, 'received', attach.received);
  const seen = numberIn(query, 'seen', attach.seen);
  const sent = numberIn(query, 'sent', attach.sent);
  const sum = numberIn(query, 'sum', attach.sum);
  const last = numberIn(query, 'last', attach.last);
  const lastSum = numberIn(query, 'lastSum', attach.lastSum);
  const want = numberIn(query, 'want', attach.want);
  const resets = numberIn(query, 'resets', attach.resets);
  // Checks all numbers at once, because one `NaN` makes the sum `NaN`.
  const optional = (last ?? 0) + (lastSum ?? 0) + (want ?? 0) + (resets ?? 0);
  if (Number.isNaN(n + ack + received + seen + sent + sum + optional)) return 'malformed';
  const hidden = flagIn(query, 'hidden', attach.hidden);
  const prompt = flagIn(query, 'prompt', undefined);
  // Always has the same fields in the same order, which makes access fast. An `undefined` field counts as missing.
  const { id, instance } = attach;
  const fields = {
    t: 'attach',
    id,
    n,
    instance,
    ack,
    received,
    seen,
    sent,
    sum,
    last,
    lastSum,
    want,
    hidden,
    prompt,
    resets,
  };
  return fields as AttachRecord;
}
