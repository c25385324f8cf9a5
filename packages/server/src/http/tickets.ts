import type { AttachRecord } from '@everywire/protocol/internal';
import type { ServerLimits } from '../limits.js';
import { createSecret } from '../sessions/create-secret.js';
import type { Query } from './plain-query.js';

/**
 * Single-use keys for one attach, so that a GET carries nothing worth stealing (SN-20). The oldest goes first, by time and
 * where there are too many: insertion order is age.
 */
export interface Tickets {
  issue(attach: AttachRecord): string;
  /** The next ticket of an answer that is under way: good while that lasts, and from its end like any other. */
  issueNext(attach: AttachRecord): string;
  /** That answer has ended. */
  ended(ticket: string): void;
  /**
   * The attach it stands for; `undefined` for one that is spent, too old or was never issued.
   *
   * @param told what the address says besides: attach number and counts, which are no secret, instead of those it was issued with
   */
  spend(ticket: string, told?: Query): AttachRecord | 'malformed' | undefined;
}

interface Held {
  readonly attach: AttachRecord;
  readonly until: number;
}

export function createTickets(limits: Pick<ServerLimits, 'ticketsMax' | 'ticketMs'>, now: () => number): Tickets {
  const held = new Map<string, Held>();
  /** Of answers under way: as many as there are of these. */
  const standing = new Map<string, AttachRecord>();

  function forgetOld(time: number): void {
    for (const [ticket, { until }] of held) {
      if (until > time && held.size < limits.ticketsMax) return;
      held.delete(ticket);
    }
  }

  function hold(ticket: string, attach: AttachRecord): void {
    const time = now();
    forgetOld(time);
    held.set(ticket, { attach, until: time + limits.ticketMs });
  }

  /** Mostly the answer has ended before its ticket is used. */
  function take(ticket: string): AttachRecord | undefined {
    const entry = held.get(ticket);
    if (entry !== undefined) {
      held.delete(ticket);
      return entry.until > now() ? entry.attach : undefined;
    }
    const attach = standing.get(ticket);
    if (attach !== undefined) standing.delete(ticket);
    return attach;
  }

  return {
    issue(attach): string {
      const ticket = createSecret();
      hold(ticket, onlyKnown(attach));
      return ticket;
    },
    issueNext(attach): string {
      const ticket = createSecret();
      standing.set(ticket, onlyKnown(attach));
      return ticket;
    },
    ended(ticket): void {
      const attach = standing.get(ticket);
      standing.delete(ticket);
      if (attach !== undefined) hold(ticket, attach);
    },
    spend(ticket, told): AttachRecord | 'malformed' | undefined {
      const attach = take(ticket);
      return attach === undefined || told === undefined ? attach : withCounts(attach, told);
    },
  };
}

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
  // As below: always the same fields in the same order, which is one shape to the engine.
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

/** What stood in the body besides is not kept for whoever sent it. A field that is `undefined` is as if it were not there. */
function onlyKnown(record: AttachRecord): AttachRecord {
  const { id, n, instance, ack, received, seen, sent, sum, last, lastSum, want, hidden, resets } = record;
  const prompt = undefined as boolean | undefined;
  const known = {
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
  return known as AttachRecord;
}
