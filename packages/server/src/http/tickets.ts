import { type AttachRecord, readRecord } from '@everywire/protocol/internal';
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

  function take(ticket: string): AttachRecord | undefined {
    const attach = standing.get(ticket);
    standing.delete(ticket);
    if (attach !== undefined) return attach;
    const entry = held.get(ticket);
    held.delete(ticket);
    return entry !== undefined && entry.until > now() ? entry.attach : undefined;
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

const NUMBERS = ['n', 'ack', 'received', 'seen', 'sent', 'sum', 'last', 'lastSum', 'want', 'resets'];

const FLAGS = ['hidden', 'prompt'];

function withCounts(attach: AttachRecord, told: Query): AttachRecord | 'malformed' {
  const fields: Record<string, unknown> = { ...attach };
  for (const name of NUMBERS) {
    const value = told.get(name) ?? null;
    if (value !== null) fields[name] = /^\d{1,16}$/.test(value) ? Number(value) : value;
  }
  for (const name of FLAGS) {
    const value = told.get(name) ?? null;
    if (value !== null) fields[name] = value === 'true';
  }
  const record = readRecord(fields);
  return typeof record === 'object' && record.t === 'attach' ? record : 'malformed';
}

/** What stood in the body besides is not kept for whoever sent it. */
function onlyKnown(record: AttachRecord): AttachRecord {
  const { id, n, instance, ack, received, seen, sent, sum, last, lastSum, want, hidden, resets } = record;
  const known = { t: 'attach', id, n, instance, ack, received, seen, sent, sum } as const;
  return {
    ...known,
    ...(last === undefined ? undefined : { last }),
    ...(lastSum === undefined ? undefined : { lastSum }),
    ...(want === undefined ? undefined : { want }),
    ...(hidden === undefined ? undefined : { hidden }),
    ...(resets === undefined ? undefined : { resets }),
  };
}
