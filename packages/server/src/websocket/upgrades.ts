import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LiveLink } from '../gathering/link-host.js';
import { errorJson } from '../http/http-answer.js';
import type { OriginPolicy } from '../http/origin-policy.js';
import { bearerOf } from '../sessions/bearer.js';
import { type FrameHost, FrameLink } from '../sockets/frame-link.js';
import type { createHandshakes } from './deflate-handshake.js';

export interface UpgradeOptions {
  readonly host: FrameHost;
  /** The same for links whose messages may be compressed. */
  readonly deflating: FrameHost;
  readonly handshake: ReturnType<typeof createHandshakes>;
  readonly policy: OriginPolicy;
  readonly onOriginRefused: (origin: string) => void;
  readonly isClosing: () => boolean;
  readonly onLink: (link: LiveLink) => void;
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Upgrade requests under the prefix: refused in words and cut, or a WebSocket from here on. */
export function createUpgrades(
  options: UpgradeOptions,
): (request: IncomingMessage, socket: Duplex, head: Buffer, name: string) => void {
  const { host, deflating, policy } = options;

  return (request, socket, head, name) => {
    const refuse = (status: number, code: string, headers?: string): void => {
      host.onRefused(status, code);
      refuseUpgrade(socket, status, code, headers);
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
    const link = new FrameLink(handshake.deflates ? deflating : host, socket as Socket, facts);
    options.onLink(link);
    link.accept(handshake.response, handshake.head);
    if (head.length > 0) link.onBytes(head, head.length);
  };
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  414: 'URI Too Long',
  426: 'Upgrade Required',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

/** Whatever follows on a refused connection must not be taken for anything: it closes. */
export function refuseUpgrade(socket: Duplex, status: number, code: string, headers = ''): void {
  const body = errorJson(code, REASONS[status] ?? '');
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n${headers}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
