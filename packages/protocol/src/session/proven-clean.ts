import type { SessionCore } from './session-core.js';

/** Everything both ends promised has been acknowledged, as far as this end's own counts show (SN-4). */
export function isProvenClean({ acked, peerLast, sent, settled }: SessionCore): boolean {
  return peerLast !== undefined && acked === sent && settled >= peerLast;
}
