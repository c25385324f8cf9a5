import { randomBytes } from 'node:crypto';
import type { AttachRecord } from '@everywire/protocol/internal';
import type { ServerLimits } from './limits.js';

/**
 * Single-use keys for one attach, so that a GET carries nothing worth stealing (SN-20). The oldest goes first, by time and
 * where there are too many: insertion order is age.
 */
export interface Tickets {
  issue(attach: AttachRecord): string;
  /** The attach it stands for; `undefined` for one that is spent, too old or was never issued. */
  spend(ticket: string): AttachRecord | undefined;
}

interface Held {
  readonly attach: AttachRecord;
  readonly until: number;
}

export function createTickets(limits: Pick<ServerLimits, 'ticketsMax' | 'ticketMs'>, now: () => number): Tickets {
  const held = new Map<string, Held>();

  function forgetOld(time: number): void {
    for (const [ticket, { until }] of held) {
      if (until > time && held.size < limits.ticketsMax) return;
      held.delete(ticket);
    }
  }

  return {
    issue(attach: AttachRecord): string {
      const time = now();
      forgetOld(time);
      const ticket = randomBytes(16).toString('base64url');
      held.set(ticket, { attach: onlyKnown(attach), until: time + limits.ticketMs });
      return ticket;
    },
    spend(ticket: string): AttachRecord | undefined {
      const entry = held.get(ticket);
      held.delete(ticket);
      return entry !== undefined && entry.until > now() ? entry.attach : undefined;
    },
  };
}

/** What stood in the body besides is not kept for whoever sent it. */
function onlyKnown(record: AttachRecord): AttachRecord {
  const { id, n, instance, ack, received, seen, sent, sum, last, hidden, resets } = record;
  const known = { t: 'attach', id, n, instance, ack, received, seen, sent, sum } as const;
  return {
    ...known,
    ...(last === undefined ? undefined : { last }),
    ...(hidden === undefined ? undefined : { hidden }),
    ...(resets === undefined ? undefined : { resets }),
  };
}
