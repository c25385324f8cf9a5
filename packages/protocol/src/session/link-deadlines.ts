import { preludeMaxMs, slowestUploadBytesPerMs } from '../limits.js';
import type { ClientLink } from './client-link.js';
import type { RoundTrip } from './round-trip.js';

const never = Number.POSITIVE_INFINITY;

/** When a link is given up, milliseconds of the shell's clock. */
export function deadlineOf(link: ClientLink, roundTrip: RoundTrip, heartbeatMs: number): number {
  const { estimateMs, patienceMs } = roundTrip;
  if (link.retireAt) return link.retireAt;
  if (link.in > 0) return link.heardAt + heartbeatMs * 1.5;
  // The answer has begun: what is written to it comes at once, or is held back on the way (SN-13).
  if (link.begunAt) return link.begunAt + Math.min(preludeMaxMs, 2 * estimateMs + 500);
  return link.since + patienceMs + (link.bytes ?? 0) / slowestUploadBytesPerMs + (link.parked ? heartbeatMs : 0);
}

/**
 * When a stream is to be asked after by an empty body, whose answer says what was sent (SN-13): when it missed a heartbeat, or
 * brought nothing since messages went up, as their answers may be held back. Once until it is heard again.
 *
 * @param toldAt when the last body that brought messages was answered
 */
export function askAtOf(link: ClientLink | null, roundTrip: RoundTrip, heartbeatMs: number, toldAt: number): number {
  const { estimateMs, patienceMs } = roundTrip;
  if (link?.kind !== 'stream' || link.in === 0 || (link.askedAt ?? 0) >= link.heardAt) return never;
  if (toldAt > link.heardAt) return toldAt + estimateMs + 250;
  return link.heardAt + heartbeatMs + patienceMs;
}
