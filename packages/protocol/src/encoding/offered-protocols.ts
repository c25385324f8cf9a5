import type { ClientRecord } from '../record.js';
import { HEADED_PROTOCOL, SESSION_PROTOCOL } from '../version.js';

/**
 * Returns the subprotocols that a client offers, which are the only data that a page can put into the opening handshake
 * of a WebSocket. To save a round trip, the link's first record `head` is one of them, in base64 (TR-40). The record is
 * left out if it is too long for a header, or contains anything but ASCII. It is also left out if it contains `>`, `?`
 * or `~`, because base64 may encode these as `+` or `/`, which the name of a subprotocol must not contain.
 */
export function offeredProtocols(head: ClientRecord | undefined): string[] {
  const text = JSON.stringify(head);
  if (!/^{[ -=@-}]{1,3071}$/.test(text)) return [SESSION_PROTOCOL];
  return [SESSION_PROTOCOL, HEADED_PROTOCOL, btoa(text).replace(/=/g, '')];
}
