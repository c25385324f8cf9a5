import type { ClientRecord } from '../record.js';
import { HEADED_PROTOCOL, SESSION_PROTOCOL } from '../version.js';

/**
 * Returns the subprotocols to offer, the only data that a page can put into an opening handshake. Includes the record
 * if it is short enough for a header and of ASCII alone (TR-40), without `>`, `?` and `~`, which base64 may encode as
 * `+` or `/`.
 */
export function offeredProtocols(head: ClientRecord | undefined): string[] {
  const text = JSON.stringify(head);
  if (!/^{[ -=@-}]{1,3071}$/.test(text)) return [SESSION_PROTOCOL];
  return [SESSION_PROTOCOL, HEADED_PROTOCOL, btoa(text).replace(/=/g, '')];
}
