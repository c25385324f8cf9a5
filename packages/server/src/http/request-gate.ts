import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { ServerLimits } from '../limits.js';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';
import { type DenseReader, DenseTurns } from './dense-turns.js';
import { RequestEnds } from './request-ends.js';
import { ignoresUpgrade } from './websocket-only-message.js';

export interface RequestGateOptions {
  readonly limits: Pick<ServerLimits, 'pipelinedRequestsMax' | 'halfOpenMs'>;
  readonly wheel: TickWheel;
}

const kGate: unique symbol = Symbol('everywire request gate');
interface GatedSocket extends Socket {
  [kGate]?: RequestGate | undefined;
}

const kPeerEnded: unique symbol = Symbol('everywire peer ended');
interface GatedResponse extends ServerResponse {
  [kGate]?: RequestGate;
  [kPeerEnded]?: () => void;
}

/**
 * Puts a gate on every new connection of an http server: while an answer is outstanding, at most `pipelinedRequestsMax` further requests are read,
 * whichever route they are for. The rest stays unread in the socket. A client that has ended its side is answered, within `halfOpenMs`.
 *
 * @returns stops gating new connections and restores the server
 */
export function gateRequests(server: HttpServer, options: RequestGateOptions): () => void {
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const gated: Set<RequestGate> = new Set();
  const onConnection = (socket: GatedSocket): void => RequestGate.put(socket, gated, options);
  const halfOpen = server as HttpServer & { httpAllowHalfOpen?: boolean };
  const { httpAllowHalfOpen = false } = halfOpen;
  // Node ends a connection with its client otherwise, and an answer that takes a turn of the event loop is lost.
  halfOpen.httpAllowHalfOpen = true;
  server.on(event, onConnection);
  server.on('checkExpectation', onForeignExpectation);
  return () => {
    server.removeListener(event, onConnection);
    server.removeListener('checkExpectation', onForeignExpectation);
    halfOpen.httpAllowHalfOpen = httpAllowHalfOpen;
    for (const gate of gated) gate.leave();
  };
}

/** Node answers like this without an event where nobody listens, and the request would not be counted. One that somebody else answers is theirs. */
function onForeignExpectation(this: HttpServer, _request: IncomingMessage, response: ServerResponse): void {
  const others = this.listeners('checkExpectation').some((listener) => listener !== onForeignExpectation);
  if (!others && !response.headersSent) response.writeHead(417, { 'content-length': '0' }).end();
}

/** Counts a request whose answer is due from now on. */
export function requestBegan(request: IncomingMessage, response: ServerResponse): void {
  (request.socket as GatedSocket)[kGate]?.began(request, response);
}

/** Returns the bytes of a connection that were read and not parsed, for whoever takes the connection over from the http server. */
export function takeUnparsed(socket: Socket): Buffer {
  return (socket as GatedSocket)[kGate]?.handOver() ?? EMPTY;
}

/** Drops what was read behind bytes that are no request: nobody can say where the next one begins. */
export function dropUnparsed(socket: Socket): void {
  (socket as GatedSocket)[kGate]?.drop();
}

/** Returns whether the request under way is the only one that was read of its connection, and nothing is held back. */
export function isOnlyRequest(socket: Socket): boolean {
  return (socket as GatedSocket)[kGate]?.hasOne ?? true;
}

/** Calls back where the client ends its side while this answer is outstanding. */
export function onPeerEnded(response: ServerResponse, ended: () => void): void {
  (response as GatedResponse)[kPeerEnded] = ended;
}

const EMPTY = Buffer.alloc(0);
const turns: DenseTurns = new DenseTurns();

/**
 * Stands between the stream of a connection and Node's parser. It gives the parser at most one request head at a time and counts the answers
 * that are due; above the limit it returns what it has to the stream and pauses it. It uses what Node documents alone, so it is the same over TLS and
 * where requests are read by hand.
 */
class RequestGate implements DenseReader, WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly #socket: Socket;
  readonly #options: RequestGateOptions;
  readonly #parse: (chunk: Buffer) => void;
  readonly #due: Set<ServerResponse> = new Set();
  #latest: IncomingMessage | null = null;
  /** The connection ends with the answer to the latest request. */
  #isLast = false;
  readonly #ends: RequestEnds = new RequestEnds();
  /** What of the chunk at hand was not given to the parser. */
  #rest: Buffer = EMPTY;
  #stopped = false;
  /** Stopped until its turn comes, because its bytes are very many small chunks. */
  #waits = false;
  /** The transport server has closed. */
  #leaves = false;
  /** What comes is no HTTP. */
  #broken = false;

  /** All gates of the http server. */
  readonly #gated: Set<RequestGate>;

  private constructor(
    socket: Socket,
    gated: Set<RequestGate>,
    options: RequestGateOptions,
    parse: (chunk: Buffer) => void,
  ) {
    this.#socket = socket;
    this.#gated = gated.add(this);
    this.#options = options;
    this.#parse = parse;
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('close', onClose);
  }

  static put(socket: GatedSocket, gated: Set<RequestGate>, options: RequestGateOptions): void {
    const [parse, other] = socket.listeners('data');
    // Where somebody else reads the connection as well, its bytes cannot be held back from the parser alone.
    if (socket[kGate] !== undefined || parse === undefined || other !== undefined || socket.destroyed) return;
    socket.removeListener('data', parse as (chunk: Buffer) => void);
    socket[kGate] = new RequestGate(socket, gated, options, parse as (chunk: Buffer) => void);
  }

  get hasOne(): boolean {
    return this.#due.size <= 1 && this.#rest.length === 0 && this.#socket.readableLength === 0;
  }

  began(request: IncomingMessage, response: GatedResponse): void {
    // Several transport servers may be attached to one http server.
    if (this.#latest === request) return;
    this.#latest = request;
    this.#ends.began(request.headers);
    if (ignoresUpgrade(request)) this.#endWith(response);
    this.#due.add(response);
    response[kGate] = this;
    response.on('close', onResponseClose);
  }

  /** Node's parser stops behind a request that offers another protocol, so what follows on the connection is not read. */
  #endWith(response: ServerResponse): void {
    response.shouldKeepAlive = false;
    this.#isLast = true;
  }

  onData(chunk: Buffer): void {
    if (this.#broken) return;
    if (!this.#waits) {
      this.#read(chunk);
      return;
    }
    // The stream of a request resumes the connection by itself whenever it wants more.
    this.#socket.pause();
    this.#socket.unshift(chunk);
  }

  #read(chunk: Buffer): void {
    const socket = this.#socket;
    this.#rest = chunk;
    while (this.#rest.length > 0) {
      if (this.#isFull) {
        this.#stopped = true;
        socket.pause();
      }
      // Paused by the gate or by Node: whoever paused it resumes it.
      if (socket.isPaused() || socket.destroyed) break;
      if (this.#latest?.complete !== false) this.#ends.complete();
      const to = this.#ends.next(this.#rest);
      const part = to === this.#rest.length ? this.#rest : this.#rest.subarray(0, to);
      this.#rest = this.#rest.subarray(to);
      this.#parse.call(socket, part);
      if (this.#ends.isDense && !socket.isPaused()) this.#waitForTurn();
    }
    const rest = this.#rest;
    this.#rest = EMPTY;
    if (rest.length > 0 && !socket.destroyed) socket.unshift(rest);
  }

  #waitForTurn(): void {
    this.#waits = true;
    this.#stopped = true;
    this.#socket.pause();
    turns.wait(this);
  }

  takeTurn(): void {
    this.#waits = false;
    this.goOn();
  }

  /** The only answer that is due may wait for the body of its request. */
  get #isFull(): boolean {
    const { size } = this.#due;
    if (this.#isLast && this.#latest?.complete !== false) return true;
    return size > this.#options.limits.pipelinedRequestsMax && (size > 1 || this.#latest?.complete !== false);
  }

  drop(): void {
    this.#broken = true;
    this.#rest = EMPTY;
  }

  /** Nothing of the gate stays with the connection: WebSockets are many, and what each of them holds is most of their price. */
  handOver(): Buffer {
    const socket = this.#socket as GatedSocket;
    socket.removeListener('data', onData);
    socket.removeListener('end', onEnd);
    socket.removeListener('close', onClose);
    socket[kGate] = undefined;
    this.#stopped = false;
    this.#gated.delete(this);
    this.#options.wheel.cancel(this);
    const rest = this.#rest;
    this.#rest = EMPTY;
    if (socket.readableLength === 0) return rest;
    const parts = [rest];
    while (socket.readableLength > 0) parts.push(socket.read());
    return Buffer.concat(parts);
  }

  /** Gives the connection back to the parser, once no answer is due that holds it back. */
  leave(): void {
    this.#leaves = true;
    const socket = this.#socket;
    if (this.#stopped) return;
    socket.removeListener('data', onData);
    socket.on('data', this.#parse);
  }

  /** An answer is over. What waits is read in a later turn of the event loop, so that one connection cannot fill a turn. */
  onAnswered(response: ServerResponse): void {
    this.#due.delete(response);
    if (this.#stopped && !this.#isFull) setImmediate(goOn, this);
  }

  goOn(): void {
    if (!this.#stopped || this.#waits || this.#isFull || this.#socket.destroyed) return;
    this.#stopped = false;
    if (this.#leaves) this.leave();
    this.#socket.resume();
  }

  onEnd(): void {
    if (this.#due.size > 0) this.#options.wheel.schedule(this, this.#options.limits.halfOpenMs);
    for (const response of [...this.#due] as GatedResponse[]) response[kPeerEnded]?.();
  }

  /** The client ended its side long ago. */
  onWheel(): void {
    this.#socket.destroy();
  }

  /** Node closes the answer that had the connection; those that were queued behind it are closed here, with what they hold open. */
  onClose(): void {
    this.#gated.delete(this);
    this.#options.wheel.cancel(this);
    if (this.#due.size > 0) setImmediate(() => this.#due.forEach(closeQueued));
  }
}

/** Node closes an answer with its socket alone, and one that was queued never had any. */
function closeQueued(response: ServerResponse): void {
  if (response.closed) return;
  const socket = new Socket();
  socket.on('error', () => undefined);
  response.assignSocket(socket);
  socket.destroy();
}

function onData(this: GatedSocket, chunk: Buffer): void {
  this[kGate]?.onData(chunk);
}

function onEnd(this: GatedSocket): void {
  this[kGate]?.onEnd();
}

function onClose(this: GatedSocket): void {
  this[kGate]?.onClose();
}

function onResponseClose(this: GatedResponse): void {
  this[kGate]?.onAnswered(this);
}

function goOn(gate: RequestGate): void {
  gate.goOn();
}
