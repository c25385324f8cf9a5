import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type AttachRecord,
  channelsSuffix,
  headedProtocol,
  type OpenRecord,
  parseRecord,
  sessionProtocol,
} from '@everywire/protocol/internal';

/** The constant from RFC 6455 section 1.3, which the server appends to the client's key and hashes. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** 16 bytes in base64: 22 digits and two signs of padding (section 4.2.1, item 5). */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** A token (RFC 7230 section 3.2.6). The pattern has no nested repetition, so matching is linear. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Any version of our protocol, as a subprotocol. This server supports only one (SN-42). */
const OTHER_VERSION = /^everywire\.\d+$/;
/** Maximum characters of a record in the handshake, so that all headers together fit the limits of servers and proxies. */
const HEAD_LENGTH_MAX = 4096;
/** RFC 4648 section 5, without padding. */
const BASE64URL = /^[\w-]+$/;

/** The records that a handshake may carry. All others require an attached link. */
export type HandshakeRecord = OpenRecord | AttachRecord;

/** Result of `checkHandshake`. */
export type Handshake =
  | {
      readonly kind: 'accepted';
      readonly response: string;
      /** The link's first record, if the handshake carried a readable one (TR-40). */
      readonly head: HandshakeRecord | null;
      /** Whether the link may carry several sessions (SN-49). */
      readonly shared: boolean;
    }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly headers: string };

/**
 * Checks an opening handshake (RFC 6455 sections 4.2.1 and 4.2.2). A link with a session needs a subprotocol; a raw link (a plain
 * `WebSocket` without our client) does not. Sends nothing: the caller must write `response`, or refuse the request.
 */
export function checkHandshake(request: IncomingMessage, carries: 'session' | 'raw'): Handshake {
  const refusal = refusalOf(request);
  if (refusal !== null) return refusal;
  const { headers } = request;
  const key = headers['sec-websocket-key'];
  if (key === undefined || !KEY.test(key)) return refused(400, 'websocket_key');
  const offered = parseProtocols(headers['sec-websocket-protocol']);
  if (offered === null) return refused(400, 'subprotocol_malformed');
  if (carries === 'raw') return { kind: 'accepted', response: switching(key, ''), head: null, shared: false };
  if (!offered.includes(sessionProtocol))
    return refused(400, offered.some((name) => OTHER_VERSION.test(name)) ? 'wire_version' : 'subprotocol_required');
  const head = headIn(offered);
  const plain = head === null ? sessionProtocol : headedProtocol;
  const shared = offered.includes(plain + channelsSuffix);
  const chosen = shared ? plain + channelsSuffix : plain;
  return { kind: 'accepted', response: switching(key, `Sec-WebSocket-Protocol: ${chosen}\r\n`), head, shared };
}

/** Returns the error of an upgrade request, for any kind of link; `null` if it is valid. */
function refusalOf(request: IncomingMessage): Handshake | null {
  const { headers } = request;
  if (request.method !== 'GET') return refused(405, 'method_not_allowed', 'Allow: GET\r\n');
  if (request.httpVersionMajor !== 1 || request.httpVersionMinor < 1) return refused(400, 'http_version');
  if (headers.host === undefined || headers.host === '') return refused(400, 'host_required');
  if (!hasToken(headers.upgrade, 'websocket')) return refused(400, 'upgrade_required');
  if (!hasToken(headers.connection, 'upgrade')) return refused(400, 'connection_upgrade_required');
  // Otherwise the server could read a body as frames, or a proxy could read frames as a body.
  if (headers['transfer-encoding'] !== undefined) return refused(400, 'body_not_allowed');
  if (headers['content-length'] !== undefined && headers['content-length'] !== '0')
    return refused(400, 'body_not_allowed');
  if (headers['sec-websocket-version'] !== '13') {
    return refused(426, 'websocket_version', 'Sec-WebSocket-Version: 13\r\n');
  }
  return null;
}

function switching(key: string, subprotocolLine: string): string {
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${acceptKey(key)}\r\n${subprotocolLine}\r\n`
  );
}

/**
 * Returns the record that the client sent as one of the offered subprotocols, behind a marker, to save a round trip; `null` if there
 * is none. An unreadable record is ignored, and the client sends it again in a frame (TR-40).
 */
function headIn(offered: readonly string[]): HandshakeRecord | null {
  const marker = offered.indexOf(headedProtocol);
  const text = offered[marker + 1] ?? '';
  if (marker < 0 || text.length > HEAD_LENGTH_MAX || !BASE64URL.test(text)) return null;
  const record = parseRecord(Buffer.from(text, 'base64url').toString());
  return typeof record !== 'string' && (record.t === 'open' || record.t === 'attach') ? record : null;
}

/** Computes `Sec-WebSocket-Accept` (section 4.2.2, item 5.4). */
export function acceptKey(key: string): string {
  return hash('sha1', key + GUID, 'base64');
}

function refused(status: number, code: string, headers = ''): Handshake {
  return { kind: 'refused', status, code, headers };
}

/** Returns whether a comma-separated header contains a token, ignoring case. */
function hasToken(header: string | undefined, token: string): boolean {
  if (header === undefined) return false;
  if (header.length === token.length) return header.toLowerCase() === token;
  return header.split(',').some((part) => part.trim().toLowerCase() === token);
}

/** Returns the offered subprotocols; `null` unless they are unique tokens (section 4.1, item 10). */
function parseProtocols(header: string | undefined): readonly string[] | null {
  if (header === undefined) return [];
  const protocols = header.split(',').map((part) => part.trim());
  const wellFormed =
    protocols.every((protocol) => TOKEN.test(protocol)) && new Set(protocols).size === protocols.length;
  return wellFormed ? protocols : null;
}
