import type { SessionCore } from './session-core.js';

/**
 * What this end's own counts prove of a close (SN-4). `closed`: everything both ends promised was acknowledged, and what was
 * settled is what the other end sent. `lost`: as many messages as that were settled, and they are not what it sent. `null`: neither.
 */
export function provenEnd({ acked, peerLast, peerLastSum, sent, settled, sum }: SessionCore): 'closed' | 'lost' | null {
  if (settled !== peerLast) return null;
  if (peerLastSum !== undefined && peerLastSum !== sum >>> 0) return 'lost';
  return acked === sent ? 'closed' : null;
}
