import type { WireClientOptions } from '../wire-client.js';
import { PlainSocket } from './plain-socket.js';
import { platform } from './platform.js';

/**
 * Returns the absolute prefix of all transports: `http:` or `https:`, without a final slash. Resolves a relative address
 * by text operations, because old browsers have no `URL`. @throws TypeError for a part that no request would carry
 */
function toPrefix(url: string): string {
  const { protocol = 'http:', host = '', pathname = '/' } = platform.location ?? {};
  const plain = url.replace(/^ws/i, 'http').replace(/\/$/, '');
  if (/[?#]|^[^/]*\/\/[^/]*@/.test(plain)) throw new TypeError('url: path only');
  if (/^https?:/i.test(plain)) return plain;
  if (/^\/\//.test(plain)) return protocol + plain;
  const origin = `${protocol}//${host}`;
  return /^\//.test(plain) ? origin + plain : `${origin}${pathname.replace(/[^/]*$/, '')}${plain}`;
}

/**
 * Connects to a transport server, in any browser since Internet Explorer 6.
 *
 * @throws RangeError if `transports` names no transport that exists here
 */
function createWireClient(url: string, options: WireClientOptions = {}): PlainSocket {
  const prefix = toPrefix(url);
  const { protocol, host } = platform.location ?? {};
  const abroad = !!host && !`${prefix}/`.startsWith(`${protocol}//${host}/`);
  return new PlainSocket(prefix, abroad, options);
}

platform.everywire = { createWireClient };
