import type { SessionTimes } from '../limits.js';
import type { Ledger } from './ledger.js';
import type { WrittenParts } from './server-writing.js';

/** When a close that has no answer is over; `Infinity` where none has begun (SN-4). */
export function closeDueAt(ledger: Ledger, { closeMs }: SessionTimes): number {
  return ledger.closingSince + closeMs;
}

/** When a session has something to do by time alone; milliseconds of the shell's clock, `Infinity` for never. */
export function dueAt({ ledger, links, delivery }: WrittenParts, now: number, times: SessionTimes): number {
  if (delivery.freeze !== null) return delivery.freeze.dueAfter(now);
  const leaseDueAt = delivery.lease?.dueAt(links.down !== null) ?? Number.POSITIVE_INFINITY;
  return Math.min(leaseDueAt, links.dueAt, delivery.unconfirmedAt(times), closeDueAt(ledger, times));
}
