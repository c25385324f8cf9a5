import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type Server as TlsServer } from 'node:tls';

/** A certificate with its chain and its private key, both in PEM. */
export interface TlsPair {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** Milliseconds that a connection has for its first byte, and again for its handshake. */
const HANDSHAKE_MS = 10_000;
/** Type of a TLS record with a handshake message (RFC 8446 section 5.1): the first byte of every TLS connection. */
const HANDSHAKE_RECORD = 0x16;
/** The oldest TLS version that is accepted (RFC 8996). */
export const TLS_MIN_VERSION = 'TLSv1.2';

/**
 * Creates an https server that answers a plain http request with an explanation instead of a broken connection. It does
 * not redirect, because the request, with its secrets, was already sent unencrypted, and the user should notice that.
 *
 * @throws Error of OpenSSL if key and certificate do not match
 */
export function createHttpsServer(options: ServerOptions, tls: TlsPair, handler: RequestListener): Server {
  const server = createServer(
    { ...options, ...tls, minVersion: TLS_MIN_VERSION, handshakeTimeout: HANDSHAKE_MS },
    handler,
  );
  // The only listener of a new TLS server starts the handshake. It is called only after the first byte was examined.
  const [startTls] = server.listeners('connection') as [(socket: Socket) => void];
  server.removeListener('connection', startTls);
  server.on('connection', (socket: Socket) => {
    awaitFirstByte(socket, (first) => {
      if (first === HANDSHAKE_RECORD) Reflect.apply(startTls, server, [socket]);
      else answerPlain(socket);
    });
  });
  return server;
}

/**
 * Replaces the certificate for all later handshakes; open connections keep theirs.
 *
 * @throws Error of OpenSSL; then nothing has changed
 */
export function replaceTlsPair(server: Pick<TlsServer, 'setSecureContext'>, tls: TlsPair): void {
  checkTlsPair(tls);
  server.setSecureContext({ ...tls, minVersion: TLS_MIN_VERSION });
}

/**
 * Checks a certificate and its key.
 * @throws Error of OpenSSL if they are not PEM or do not match
 */
export function checkTlsPair(tls: TlsPair): void {
  createSecureContext({ ...tls, minVersion: TLS_MIN_VERSION });
}

/** Calls `onFirst` with the first byte of a connection, and leaves the byte in the stream. Destroys a silent connection. */
function awaitFirstByte(socket: Socket, onFirst: (byte: number) => void): void {
  const giveUp = (): void => void socket.destroy();
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    socket.off('readable', onReadable);
    socket.off('error', giveUp);
    socket.off('end', giveUp);
    socket.off('timeout', giveUp);
    socket.setTimeout(0);
    socket.unshift(chunk);
    onFirst(chunk[0] as number);
  };
  socket.setTimeout(HANDSHAKE_MS);
  socket.on('timeout', giveUp);
  socket.on('error', giveUp);
  socket.on('end', giveUp);
  socket.on('readable', onReadable);
}

const PLAIN_ANSWER = 'This port speaks HTTPS only: write https:// in front of the address.\n';

function answerPlain(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n' +
      `Content-Length: ${Buffer.byteLength(PLAIN_ANSWER)}\r\n\r\n${PLAIN_ANSWER}`,
  );
  // A client that continues to send is cut off soon.
  socket.setTimeout(1_000, () => socket.destroy());
}
