import type { SessionTimes } from '../limits.js';
import type { WrittenParts } from './server-writing.js';
import type { SessionState } from './session-state.js';

/** Returns when a close without an answer times out; `Infinity` if none has begun (SN-4). */
export function closeDueAt(state: SessionState, { closeMs }: SessionTimes): number {
  return state.closingSince + closeMs;
}

/** Returns when a session is due to act by time, in milliseconds of the shell's clock; `Infinity` for never. */
export function dueAt({ flow, links, delivery }: WrittenParts, now: number, times: SessionTimes): number {
  if (delivery.freeze !== null) return delivery.freeze.dueAfter(now);
  const leaseDueAt = delivery.tokenLifetime?.dueAt(links.down !== null) ?? Number.POSITIVE_INFINITY;
  return Math.min(leaseDueAt, links.dueAt, delivery.unconfirmedAt(times), closeDueAt(flow, times));
}
