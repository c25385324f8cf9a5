import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { dropUnparsed, requestBegan, takeUnparsed } from './request-gate.js';

/** The handlers of the transport server for its own paths. `name` is the part behind the prefix, without the query. */
export interface Routes {
  onRequest(request: IncomingMessage, response: ServerResponse, name: string): void;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, name: string): void;
}

/**
 * Serves the routes before every listener of a server, including listeners added later. It wraps `emit`, which all
 * events pass, because frameworks may add or count listeners at any time.
 *
 * @param onHead called with every request, of all paths
 * @returns a function that restores the server
 */
export function takeOver(
  server: HttpServer,
  prefix: string,
  routes: Routes,
  onHead: (request: IncomingMessage) => void,
): () => void {
  const emit = server.emit;
  let active = true;

  function intercept(this: HttpServer, event: string | symbol, ...parts: unknown[]): boolean {
    if (active && HEADS.has(event)) onHead(parts[0] as IncomingMessage);
    if (ANSWERED.has(event)) requestBegan(parts[0] as IncomingMessage, parts[1] as ServerResponse);
    else if (HANDED_OVER.has(event)) addUnparsed(parts);
    if (active && isOurs(event, parts, prefix, routes)) return true;
    if (event === 'clientError') dropUnparsed(parts[1] as Socket);
    const heard: boolean = Reflect.apply(emit, this, [event, ...parts]);
    if (!heard && active && event === 'request') refuseForeign(parts[1] as ServerResponse);
    return heard;
  }

  server.emit = intercept;
  server.on('upgrade', onForeignUpgrade);
  return () => {
    active = false;
    server.removeListener('upgrade', onForeignUpgrade);
    // If other code has wrapped `emit` since, the inactive wrapper stays in the chain and only forwards.
    if (server.emit === intercept) server.emit = emit;
  };
}

/**
 * Answers an upgrade that has no other listener. Needed because Node itself only does so on a server without any
 * listener for upgrades. All wire servers share this function, so that they do not count each other as listeners.
 */
function onForeignUpgrade(this: HttpServer, _request: IncomingMessage, socket: Duplex): void {
  const others = this.listeners('upgrade').some((listener) => listener !== onForeignUpgrade);
  if (others || socket.writableEnded) return;
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy());
}

/**
 * Appends the bytes that were read behind the head of a connection that is handed over and that the parser did not see.
 */
function addUnparsed(parts: unknown[]): void {
  const unparsed = takeUnparsed(parts[1] as Socket);
  if (unparsed.length > 0) parts[2] = Buffer.concat([parts[2] as Buffer, unparsed]);
}

const ANSWERED: ReadonlySet<string | symbol> = new Set(['request', 'checkContinue', 'checkExpectation']);
/** Events that hand a connection over, with the bytes read behind the head. */
const HANDED_OVER: ReadonlySet<string | symbol> = new Set(['upgrade', 'connect']);
const HEADS: ReadonlySet<string | symbol> = new Set([...ANSWERED, 'upgrade']);

/** Answers 404 when no other listener exists, because the request would never be answered. */
function refuseForeign(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(404, { 'content-length': '0', connection: 'close' }).end();
}

function isOurs(event: string | symbol, parts: readonly unknown[], prefix: string, routes: Routes): boolean {
  switch (event) {
    case 'upgrade': {
      const [request, socket, head] = parts as [IncomingMessage, Duplex, Buffer];
      const name = nameBehind(prefix, request.url);
      if (name !== null) routes.onUpgrade(request, socket, head, name);
      return name !== null;
    }
    case 'request':
    case 'checkContinue':
    case 'checkExpectation': {
      const [request, response] = parts as [IncomingMessage, ServerResponse];
      const name = nameBehind(prefix, request.url);
      if (name === null) return false;
      if (event === 'checkContinue') response.writeContinue();
      if (event === 'checkExpectation') response.writeHead(417, { 'content-length': '0' }).end();
      else routes.onRequest(request, response, name);
      return true;
    }
    default:
      return false;
  }
}

/**
 * Returns the name behind the prefix: `up` for `/everywire/up?x` with `/everywire`; `null` for other paths. Compares
 * exact bytes, without decoding.
 */
function nameBehind(prefix: string, target = ''): string | null {
  const url = behindAuthority(target);
  if (!url.startsWith(prefix)) return null;
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (path.length === prefix.length) return '';
  return path.charCodeAt(prefix.length) === 0x2f ? path.slice(prefix.length + 1) : null;
}

/**
 * Returns the part behind the authority of an absolute address, which clients may send (RFC 9112 section 3.2.2, RFC
 * 6455 section 4.2.1).
 */
function behindAuthority(target: string): string {
  if (target.startsWith('/') || !/^https?:\/\//i.test(target)) return target;
  const slash = target.indexOf('/', 'https://'.length);
  return slash < 0 ? '/' : target.slice(slash);
}
