import type { ClientLedger } from './client-ledger.js';

/**
 * What this end's own counts prove of a close (SN-4). `closed`: everything both ends promised was acknowledged, and what was
 * settled is what the other end sent. `lost`: as many messages as that were settled, and they are not what it sent. `null`: neither.
 */
export function provenEnd(ledger: ClientLedger): 'closed' | 'lost' | null {
  const { acked, checksum, peerEnd, sent, settled } = ledger;
  if (settled !== peerEnd?.last) return null;
  const { lastSum = checksum } = peerEnd;
  if (lastSum !== checksum) return 'lost';
  return acked === sent ? 'closed' : null;
}
