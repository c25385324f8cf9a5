import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { PathRules } from './path-rules.js';
import { RequestSlots } from './request-slots.js';
import { passResponse } from './response-rules.js';

/** Counts what a path did since it started, so that a test can prove that its rules applied. */
interface PathCounters {
  requests: number;
  /** WebSockets that were rejected, stripped, ended or silenced. */
  webSockets: number;
  /** Bodies rejected for their size, by the path or the server, and the size of the largest that passed. */
  refusedBodies: number;
  passedBytes: number;
  replays: number;
  /** Responses that were buffered, gathered or stripped of their beginning. */
  changedResponses: number;
  /** Requests that had to wait for another one to end. */
  queued: number;
  idleCuts: number;
}

/**
 * Simulates a restrictive network between clients and one HTTP server. While the fault proxy breaks single connections, this one
 * understands requests and treats each as a firewall, a buffering proxy or a browser with many tabs would.
 */
export interface NetworkPath {
  readonly port: number;
  /** May be changed while it runs; a change applies to requests that begin afterwards. */
  readonly rules: PathRules;
  readonly counters: Readonly<PathCounters>;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/** Starts a network path to a port. */
export async function createNetworkPath(targetPort: number, rules: PathRules): Promise<NetworkPath> {
  const path = new Path(targetPort, rules);
  await path.listen();
  return path;
}

class Path implements NetworkPath {
  readonly rules: PathRules;
  readonly counters: PathCounters = {
    requests: 0,
    webSockets: 0,
    refusedBodies: 0,
    passedBytes: 0,
    replays: 0,
    changedResponses: 0,
    queued: 0,
    idleCuts: 0,
  };
  readonly #targetPort: number;
  readonly #sockets: Set<Socket> = new Set();
  readonly #slots: RequestSlots;
  readonly #http = createServer({ requestTimeout: 0 }, (asked, answer) => this.#onRequest(asked, answer));

  constructor(targetPort: number, rules: PathRules) {
    this.#targetPort = targetPort;
    this.rules = rules;
    this.#slots = new RequestSlots(() => rules.requestsAtOnce);
    this.#http.on('upgrade', (asked, socket, early) => this.#onUpgrade(asked, socket as Socket, early));
    this.#http.on('connection', (socket) => this.#keep(socket));
  }

  listen(): Promise<void> {
    return new Promise((done) => this.#http.listen(0, '127.0.0.1', done));
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#http.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    // An error is always followed by 'close'.
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }

  #onRequest(asked: IncomingMessage, answer: ServerResponse): void {
    this.counters.requests++;
    const pieces: Buffer[] = [];
    asked.on('data', (piece: Buffer) => pieces.push(piece));
    asked.on('error', () => undefined);
    asked.on('end', () => {
      const body = Buffer.concat(pieces);
      const late = setTimeout(() => {
        if (this.rules.portal !== 'none') this.#showPortal(asked, answer);
        else if (body.length > this.rules.bodyBytesMax) this.#refuse(asked, answer);
        else if (this.#slots.take(answer, () => this.#pass(asked, answer, body))) this.counters.queued++;
      }, this.rules.delayMs);
      answer.on('close', () => clearTimeout(late));
    });
  }

  #refuse({ socket }: IncomingMessage, answer: ServerResponse): void {
    this.counters.refusedBodies++;
    if (this.rules.refusal === 'cut') socket.destroy();
    else answer.writeHead(413, { 'content-type': 'text/html' }).end(this.rules.refusal.body);
  }

  #showPortal({ headers: { host = '' } }: IncomingMessage, answer: ServerResponse): void {
    const { portal } = this.rules;
    const location = { location: `http://portal.example/login?from=${encodeURIComponent(host)}` };
    if (portal === 'redirect') answer.writeHead(302, location).end();
    else answer.writeHead(portal === 'status' ? 511 : 200, { 'content-type': 'text/html' }).end(PORTAL_PAGE);
  }

  #pass(asked: IncomingMessage, answer: ServerResponse, body: Buffer): void {
    this.counters.passedBytes = Math.max(this.counters.passedBytes, body.length);
    const give = (response: IncomingMessage): void => {
      if (response.statusCode === 413) this.counters.refusedBodies++;
      if (passResponse(response, answer, this.rules)) this.counters.changedResponses++;
      this.#cutIdle(answer, [response], () => answer.destroy());
    };
    if (!this.rules.replays || asked.method !== 'POST') this.#forward(asked, answer, body, give);
    else
      this.#forward(asked, answer, body, (first) => {
        // A stream opened by POST never ends; its replay is used.
        first.on('error', () => undefined).on('data', () => undefined);
        this.counters.replays++;
        this.#forward(asked, answer, body, give);
      });
  }

  #forward(
    asked: IncomingMessage,
    answer: ServerResponse,
    body: Buffer,
    onResponse: (got: IncomingMessage) => void,
  ): void {
    const { method = 'GET', url = '/', headers } = asked;
    const forwarded = request(
      { host: '127.0.0.1', port: this.#targetPort, agent: false, method, path: url, headers: { ...headers } },
      (response) => {
        response.on('error', () => answer.destroy());
        onResponse(response);
      },
    );
    forwarded.on('error', () => answer.destroy());
    answer.on('close', () => forwarded.destroy());
    forwarded.end(body);
  }

  /** Cuts a connection when these streams were idle for too long. */
  #cutIdle(open: Writable, from: readonly Readable[], cut: () => void): void {
    const { idleMs } = this.rules;
    if (idleMs === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(() => {
      this.counters.idleCuts++;
      cut();
    }, idleMs);
    for (const one of from) one.on('data', () => timer.refresh());
    open.on('close', () => clearTimeout(timer));
  }

  #onUpgrade(asked: IncomingMessage, client: Socket, early: Buffer): void {
    const { webSocket, portal } = this.rules;
    if (portal !== 'none') {
      client.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\n\r\n${PORTAL_PAGE}`);
      return;
    }
    if (webSocket !== 'passes' && webSocket !== 'dies') this.counters.webSockets++;
    if (webSocket === 'refused') client.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else this.#tunnel(asked, client, early);
  }

  #tunnel(asked: IncomingMessage, client: Socket, early: Buffer): void {
    const { webSocket, webSocketMs, delayMs } = this.rules;
    const server = connect({ host: '127.0.0.1', port: this.#targetPort, noDelay: true });
    this.#keep(server);
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    client.on('close', end);
    // The last data is delivered before the end.
    server.on('close', () => (delayMs === 0 ? client.end(end) : setTimeout(end, delayMs)));
    server.write(headOf(asked, webSocket === 'stripped'));
    server.write(early);
    const die = (): void => {
      this.counters.webSockets++;
      end();
    };
    if (webSocket === 'dies') setTimeout(die, webSocketMs).unref();
    const later = (to: Socket) => (piece: Buffer) => {
      if (delayMs === 0) to.write(piece);
      else setTimeout(() => to.destroyed || to.write(piece), delayMs);
    };
    this.#cutIdle(client, [client, server], end);
    if (webSocket !== 'swallows') {
      client.on('data', later(server));
      server.on('data', later(client));
      return;
    }
    client.resume();
    // Passes the response head and nothing after it.
    server.once('data', (piece: Buffer) => {
      client.write(piece.subarray(0, piece.indexOf(HEAD_END) + HEAD_END.length));
      server.on('data', () => undefined);
    });
  }
}

const PORTAL_PAGE = '<!doctype html><title>Sign in</title><p>Welcome to our network.';
const HEAD_END = '\r\n\r\n';
/** Headers that request an Upgrade. */
const UPGRADE = /^(upgrade|connection|sec-websocket-.*)$/i;

function headOf({ method, url, rawHeaders }: IncomingMessage, stripped: boolean): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (!stripped || !UPGRADE.test(name)) lines.push(`${name}: ${rawHeaders[at + 1]!}`);
  }
  if (stripped) lines.push('connection: close');
  return lines.join('\r\n') + HEAD_END;
}
