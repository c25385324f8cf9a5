import { PRELUDE_MAX_MS, SLOWEST_UPLOAD_BYTES_PER_MS } from '../limits.js';
import type { ClientLink } from './client-link.js';
import type { RoundTrip } from './round-trip.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Returns when a link times out, in milliseconds of the shell's clock. */
export function deadlineOf(link: ClientLink, roundTrip: RoundTrip, heartbeatMs: number): number {
  const { estimateMs, patienceMs } = roundTrip;
  if (link.retireAt) return link.retireAt;
  // The link carries the session. The server sends something at least once a heartbeat.
  if (link.in > 0) return link.heardAt + heartbeatMs * 1.5;
  // The response has begun. Data written to it arrives immediately, unless an intermediary delays it (SN-13).
  if (link.begunAt) return link.begunAt + Math.min(PRELUDE_MAX_MS, 2 * estimateMs + 500);
  return link.since + patienceMs + (link.bytes ?? 0) / SLOWEST_UPLOAD_BYTES_PER_MS + (link.parked ? heartbeatMs : 0);
}

/**
 * Returns when to check whether a stream still works, in milliseconds of the shell's clock; `Infinity` for never. For the
 * check, the client posts an empty body, and the answer states what the server has sent on the stream (SN-13). A check is
 * due after a missed heartbeat. It is also due if nothing arrived since a body with messages was answered, because an
 * intermediary may delay their replies. After a check, none is due until data arrives again.
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
