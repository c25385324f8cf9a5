import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LiveLink } from '../gathering/link-host.js';
import { CACHE_CONTROL, errorJson } from '../http/http-answer.js';
import type { OriginPolicy } from '../http/origin-policy.js';
import { bearerOf } from '../sessions/bearer.js';
import { type FrameHost, FrameLink } from '../sockets/frame-link.js';
import type { createHandshakes } from './deflate-handshake.js';

/** Options of `createUpgrades`. */
export interface UpgradeOptions {
  readonly host: FrameHost;
  /** Returns the host of links with compression, by the bits of the client's window. */
  readonly deflating: (window: number) => FrameHost;
  readonly handshake: ReturnType<typeof createHandshakes>;
  readonly policy: OriginPolicy;
  readonly onOriginRefused: (origin: string) => void;
  readonly isClosing: () => boolean;
  readonly onLink: (link: LiveLink) => void;
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Creates the handler of upgrade requests under the server's path. It starts a WebSocket, or refuses the request with an error text. */
export function createUpgrades(
  options: UpgradeOptions,
): (request: IncomingMessage, socket: Duplex, head: Buffer, name: string) => void {
  const { host, deflating, policy } = options;

  return (request, socket, head, name) => {
    const refuse = (status: number, code: string, headers?: string): void => {
      host.onRefused(status, code);
      refuseUpgrade(request, socket, status, code, headers);
    };
    if (name !== 'websocket') return refuse(404, 'not_found');
    if (options.isClosing()) return refuse(503, 'closing');
    const origin = policy.check(request);
    if (origin.kind === 'refused') {
      options.onOriginRefused(origin.origin);
      return refuse(403, 'origin_refused');
    }
    const handshake = options.handshake(request, 'session');
    if (handshake.kind === 'refused') return refuse(handshake.status, handshake.code, handshake.headers);
    const remoteAddress = options.addressOf(request);
    const facts = { bearer: bearerOf(request), origin: request.headers.origin, remoteAddress };
    const { window } = handshake;
    const link = new FrameLink(window === undefined ? host : deflating(window), socket as Socket, facts);
    options.onLink(link);
    link.accept(handshake.response, handshake.head, handshake.shared);
    // Bytes that the client sent directly after its request.
    if (head.length > 0) link.onBytes(head, head.length);
  };
}

/**
 * Answers a refused upgrade and closes the connection, so that later bytes are not processed. The answer has no CORS header that allows
 * an origin, because pages can never read the answer to an upgrade.
 */
export function refuseUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  status: number,
  code: string,
  headers = '',
): void {
  const reason = STATUS_CODES[status] ?? '';
  const body = errorJson(code, reason);
  const vary = request.headers.origin === undefined ? '' : 'Vary: Origin\r\n';
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Cache-Control: ${CACHE_CONTROL}\r\nX-Content-Type-Options: nosniff\r\nX-Accel-Buffering: no\r\nReferrer-Policy: no-referrer\r\n${vary}${headers}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
