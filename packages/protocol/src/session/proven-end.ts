import type { ClientState } from './client-state.js';

/**
 * Returns what this end's own counts prove about a close (SN-4). `closed`: everything promised by both ends was
 * acknowledged and the checksums match. `lost`: all the peer's messages were settled, but their checksum does not
 * match. `null`: neither.
 */
export function provenEnd(state: ClientState): 'closed' | 'lost' | null {
  const { acked, checksum, peerEnd, sent, settled } = state;
  if (settled !== peerEnd?.last) return null;
  const { lastSum = checksum } = peerEnd;
  if (lastSum !== checksum) return 'lost';
  return acked === sent ? 'closed' : null;
}
