import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** 16 bytes in base64 are 22 digits and two signs of padding (section 4.2.1, item 5). */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** RFC 7230 section 3.2.6; a class without repetition inside repetition, so matching is linear. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export type Handshake =
  | { readonly kind: 'accepted'; readonly response: string }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly headers: string };

/**
 * The server's side of the opening handshake, RFC 6455 sections 4.2.1 and 4.2.2, for exactly one subprotocol, or for
 * none, whatever is offered. Pure: the caller writes the response.
 */
export function checkHandshake(request: IncomingMessage, subprotocol: string | null): Handshake {
  const headers = request.headers;
  if (request.method !== 'GET') return refused(405, 'method_not_allowed', 'Allow: GET\r\n');
  if (request.httpVersionMajor !== 1 || request.httpVersionMinor < 1) return refused(400, 'http_version');
  if (headers.host === undefined || headers.host === '') return refused(400, 'host_required');
  if (!hasToken(headers.upgrade, 'websocket')) return refused(400, 'upgrade_required');
  if (!hasToken(headers.connection, 'upgrade')) return refused(400, 'connection_upgrade_required');
  // A body would be taken for frames, or frames for a body by a proxy in between.
  if (headers['transfer-encoding'] !== undefined) return refused(400, 'body_not_allowed');
  if (headers['content-length'] !== undefined && headers['content-length'] !== '0')
    return refused(400, 'body_not_allowed');
  if (headers['sec-websocket-version'] !== '13') {
    return refused(426, 'websocket_version', 'Sec-WebSocket-Version: 13\r\n');
  }
  const key = headers['sec-websocket-key'];
  if (key === undefined || !KEY.test(key)) return refused(400, 'websocket_key');
  const offered = parseProtocols(headers['sec-websocket-protocol']);
  if (offered === null) return refused(400, 'subprotocol_malformed');
  if (!meets(offered, subprotocol)) return refused(400, 'subprotocol_required');
  return {
    kind: 'accepted',
    response:
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${acceptKey(key)}\r\n${subprotocolLine(subprotocol)}\r\n`,
  };
}

function meets(offered: readonly string[], subprotocol: string | null): boolean {
  return subprotocol === null || offered.includes(subprotocol);
}

function subprotocolLine(subprotocol: string | null): string {
  return subprotocol === null ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`;
}

/** Section 4.2.2, item 5.4. */
export function acceptKey(key: string): string {
  return hash('sha1', key + GUID, 'base64');
}

function refused(status: number, code: string, headers = ''): Handshake {
  return { kind: 'refused', status, code, headers };
}

/** Whether a comma-separated header holds a token, without regard to case. */
function hasToken(header: string | undefined, token: string): boolean {
  if (header === undefined) return false;
  if (header.length === token.length) return header.toLowerCase() === token;
  return header.split(',').some((part) => part.trim().toLowerCase() === token);
}

/** Section 4.1, item 10: unique tokens. `null` for anything else. */
function parseProtocols(header: string | undefined): readonly string[] | null {
  if (header === undefined) return [];
  const protocols = header.split(',').map((part) => part.trim());
  const wellFormed =
    protocols.every((protocol) => TOKEN.test(protocol)) && new Set(protocols).size === protocols.length;
  return wellFormed ? protocols : null;
}
