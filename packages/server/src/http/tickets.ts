import type { AttachRecord } from '@everywire/protocol/internal';
import type { ServerLimits } from '../limits.js';
import { createSecret } from '../sessions/create-secret.js';
import type { Query } from './plain-query.js';

/** The ticket that an answer under way brings. */
export interface NextTicket {
  readonly text: string;
}

/**
 * Single-use keys for one attach, so that a GET carries nothing worth stealing (SN-20). The oldest goes first, by time and
 * where there are too many.
 */
export interface Tickets {
  issue(attach: AttachRecord): string;
  /**
   * The next ticket of an answer that is under way: good while that lasts, and from its end like any other.
   *
   * @param attach as `spend` gave it
   */
  issueNext(attach: AttachRecord): NextTicket;
  /** That answer has ended. */
  ended(ticket: NextTicket): void;
  /**
   * The attach it stands for; `undefined` for one that is spent, too old or was never issued.
   *
   * @param told what the address says besides: attach number and counts, which are no secret, instead of those it was issued with. Where it names another instance, the ticket is not spent.
   */
  spend(ticket: string, told: Query): AttachRecord | 'malformed' | undefined;
}

/** Of an answer under way until it has ended; of one that is spent or forgotten nothing counts any more. */
const STANDING: number = Number.POSITIVE_INFINITY;
const GONE = 0;

interface Held extends NextTicket {
  readonly attach: AttachRecord;
  /** `STANDING`, when it gets too old, or `GONE`. */
  until: number;
  /** Its neighbours by age, from its answer's end on. */
  older: Held;
  newer: Held;
}

export function createTickets(limits: Pick<ServerLimits, 'ticketsMax' | 'ticketMs'>, now: () => number): Tickets {
  const held = new Map<string, Held>();
  /** A ring of those that get older: from here the oldest is the next newer, and the newest the next older. */
  const ring = createHeld('', NOTHING);
  let aging = 0;

  function forget(entry: Held): void {
    held.delete(entry.text);
    if (entry.until !== STANDING) {
      entry.older.newer = entry.newer;
      entry.newer.older = entry.older;
      // An old entry that nobody has any more would keep the next alive for the collector of young ones, and that the next.
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
      // What stood in the body besides is not kept for whoever sent it.
      const entry = hold(withCounts(attach, NOTHING_TOLD) as AttachRecord);
      age(entry);
      return entry.text;
    },
    issueNext: hold,
    ended(ticket): void {
      const entry = ticket as Held;
      if (entry.until === STANDING) age(entry);
    },
    spend(ticket, told): AttachRecord | 'malformed' | undefined {
      const entry = held.get(ticket);
      if (entry === undefined) return undefined;
      const { attach, until } = entry;
      // The answer that brought it went to another client: it stays good for its own (SN-41).
      if (numberIn(told, 'instance', attach.instance) !== attach.instance) return undefined;
      forget(entry);
      return until > now() ? withCounts(attach, told) : undefined;
    },
  };
}

function createHeld(text: string, attach: AttachRecord): Held {
  const entry = { text, attach, until: STANDING } as Held;
  entry.older = entry;
  entry.newer = entry;
  return entry;
}

const NOTHING_TOLD: Query = { get: () => null };
const NOTHING = {} as AttachRecord;
const DIGITS = /^\d{1,16}$/;

/** What `told` says instead; `NaN` for what is no number. */
function numberIn(told: Query, name: string, otherwise: number): number;
function numberIn(told: Query, name: string, otherwise: number | undefined): number | undefined;
function numberIn(told: Query, name: string, otherwise: number | undefined): number | undefined {
  const text = told.get(name) ?? null;
  if (text === null) return otherwise;
  const value = DIGITS.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function flagIn(told: Query, name: string, otherwise: boolean | undefined): boolean | undefined {
  const text = told.get(name) ?? null;
  return text === null ? otherwise : text === 'true';
}

/** The attach was right when it was issued, so only what is told instead is looked at: there is one of these in each poll. */
function withCounts(attach: AttachRecord, told: Query): AttachRecord | 'malformed' {
  const n = numberIn(told, 'n', attach.n);
  const ack = numberIn(told, 'ack', attach.ack);
  const received = numberIn(told, 'received', attach.received);
  const seen = numberIn(told, 'seen', attach.seen);
  const sent = numberIn(told, 'sent', attach.sent);
  const sum = numberIn(told, 'sum', attach.sum);
  const last = numberIn(told, 'last', attach.last);
  const lastSum = numberIn(told, 'lastSum', attach.lastSum);
  const want = numberIn(told, 'want', attach.want);
  const resets = numberIn(told, 'resets', attach.resets);
  // One that is no number makes the sum none.
  const optional = (last ?? 0) + (lastSum ?? 0) + (want ?? 0) + (resets ?? 0);
  if (Number.isNaN(n + ack + received + seen + sent + sum + optional)) return 'malformed';
  const hidden = flagIn(told, 'hidden', attach.hidden);
  const prompt = flagIn(told, 'prompt', undefined);
  // Always the same fields in the same order, which is one shape to the engine. One that is `undefined` is as if it were not there.
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
