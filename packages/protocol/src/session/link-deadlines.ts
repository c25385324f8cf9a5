import { PRELUDE_MAX_MS, SLOWEST_UPLOAD_BYTES_PER_MS } from '../limits.js';
import type { ClientLink } from './client-link.js';
import type { RoundTrip } from './round-trip.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Returns when a link times out, in milliseconds of the shell's clock. */
export function deadlineOf(link: ClientLink, roundTrip: RoundTrip, heartbeatMs: number): number {
  const { estimateMs, patienceMs } = roundTrip;
  if (link.retireAt) return link.retireAt;
  if (link.in > 0) return link.heardAt + heartbeatMs * 1.5;
  // The response has begun. Data written to it arrives immediately, unless an intermediary delays it (SN-13).
  if (link.begunAt) return link.begunAt + Math.min(PRELUDE_MAX_MS, 2 * estimateMs + 500);
  return link.since + patienceMs + (link.bytes ?? 0) / SLOWEST_UPLOAD_BYTES_PER_MS + (link.parked ? heartbeatMs : 0);
}

/**
 * Returns when to check a stream with an empty body, whose answer states what was sent (SN-13): after a missed
 * heartbeat, or if nothing arrived since messages went up, because their replies may be delayed. Once until data
 * arrives again.
 *
 * @param answeredAt when the last body with messages was answered
 */
export function askAtOf(
  link: ClientLink | null,
  roundTrip: RoundTrip,
  heartbeatMs: number,
  answeredAt: number,
): number {
  const { estimateMs, patienceMs } = roundTrip;
  if (link?.kind !== 'stream' || link.in === 0 || (link.askedAt ?? 0) >= link.heardAt) return NEVER;
  if (answeredAt > link.heardAt) return answeredAt + estimateMs + 250;
  return link.heardAt + heartbeatMs + patienceMs;
}
