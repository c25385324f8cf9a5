import type { ClientRecord } from '../record.js';
import { headedProtocol, sessionProtocol } from '../version.js';

/**
 * The subprotocols that a WebSocket offers, the only thing a page can say in an opening handshake: with this record, where it is
 * short enough for a header and of ASCII alone (TR-40); without `>`, `?` and `~`, for which base64 has signs of its own.
 */
export function offeredProtocols(head: ClientRecord | undefined): string[] {
  const text = JSON.stringify(head);
  if (!/^{[ -=@-}]{1,3071}$/.test(text)) return [sessionProtocol];
  return [sessionProtocol, headedProtocol, btoa(text).replace(/=/g, '')];
}
