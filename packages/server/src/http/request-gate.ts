import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { ServerLimits } from '../limits.js';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import { type ChunkReader, ChunkReadQueue } from './chunk-read-queue.js';
import { RequestBoundaries } from './request-boundaries.js';
import { ignoresUpgrade } from './websocket-only-message.js';

/** Options of `gateRequests`. */
export interface RequestGateOptions {
  readonly limits: Pick<ServerLimits, 'pipelinedRequestsMax' | 'halfOpenMs'>;
  readonly wheel: TimerWheel;
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
 * Puts a gate on every new connection of an HTTP server, for all its routes: while an answer is due, at most `pipelinedRequestsMax`
 * further requests are read. The rest stays unread in the socket. If a client has ended its side, its answers are still sent, within
 * `halfOpenMs`. @returns a function that stops gating new connections and restores the server
 */
export function gateRequests(server: HttpServer, options: RequestGateOptions): () => void {
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const gated: Set<RequestGate> = new Set();
  const onConnection = (socket: GatedSocket): void => RequestGate.put(socket, gated, options);
  const halfOpen = server as HttpServer & { httpAllowHalfOpen?: boolean };
  const { httpAllowHalfOpen = false } = halfOpen;
  // Otherwise Node closes a connection when its client ends its side, and later answers are lost.
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

/** Answers `Expect` as Node does without a listener, so that the request is counted. If the application listens too, it answers. */
function onForeignExpectation(this: HttpServer, _request: IncomingMessage, response: ServerResponse): void {
  const others = this.listeners('checkExpectation').some((listener) => listener !== onForeignExpectation);
  if (!others && !response.headersSent) response.writeHead(417, { 'content-length': '0' }).end();
}

/** Must be called at the start of each request: counts it until its answer has closed. */
export function requestBegan(request: IncomingMessage, response: ServerResponse): void {
  (request.socket as GatedSocket)[kGate]?.began(request, response);
}

/** Returns the bytes that were read and not parsed, for the code that takes the connection over from the HTTP server. */
export function takeUnparsed(socket: Socket): Buffer {
  return (socket as GatedSocket)[kGate]?.handOver() ?? EMPTY;
}

/** Drops the unread bytes after bytes that were no valid request, because it is unknown where the next request starts. */
export function dropUnparsed(socket: Socket): void {
  (socket as GatedSocket)[kGate]?.drop();
}

/** Returns whether the current request is the only unanswered one of its connection, and no further bytes have arrived. */
export function isOnlyRequest(socket: Socket): boolean {
  return (socket as GatedSocket)[kGate]?.hasOne ?? true;
}

/** Calls `ended` if the client ends its side of the connection while this answer is due. */
export function onPeerEnded(response: ServerResponse, ended: () => void): void {
  (response as GatedResponse)[kPeerEnded] = ended;
}

const EMPTY = Buffer.alloc(0);
const turns: ChunkReadQueue = new ChunkReadQueue();

/**
 * Stands between the stream of a connection and Node's parser. Passes at most one request head at a time to the parser and counts
 * the answers that are due. Above the limit, puts the remaining bytes back into the stream and pauses the stream. Uses only documented
 * Node functions, so the gate also works over TLS and with the fast path (`FastPathConnection`).
 */
class RequestGate implements ChunkReader, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;
  readonly #socket: Socket;
  readonly #options: RequestGateOptions;
  readonly #parse: (chunk: Buffer) => void;
  readonly #due: Set<ServerResponse> = new Set();
  #latest: IncomingMessage | null = null;
  /** Whether the connection ends with the answer to `#latest`, the request that was read last. */
  #isLast = false;
  readonly #ends: RequestBoundaries = new RequestBoundaries();
  /** The part of the current chunk that the parser has not received. */
  #rest: Buffer = EMPTY;
  #stopped = false; // Whether the gate has paused the stream.
  /** Whether the connection waits for its turn in the queue, because its request consists of very many small chunks. */
  #waits = false;
  /** Whether the gate must be removed, because the transport server has closed. */
  #leaves = false;
  /** Whether the client has sent bytes that are not HTTP. Later bytes are ignored. */
  #broken = false;

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
    // With another reader on the connection, bytes cannot be held back from the parser alone.
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

  /** Makes the connection end with this answer, because Node's parser stops after a request that offers another protocol. */
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
    // Bytes may arrive in spite of the pause, because the stream of a request's body resumes the connection by itself.
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
      // Either the gate or Node has paused the stream. Each of them resumes only its own pause.
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
    this.resume();
  }

  /** Whether to stop reading. Not during the body of a lone request, because its answer may wait for the whole body. */
  get #isFull(): boolean {
    const { size } = this.#due;
    if (this.#isLast && this.#latest?.complete !== false) return true;
    return size > this.#options.limits.pipelinedRequestsMax && (size > 1 || this.#latest?.complete !== false);
  }

  drop(): void {
    this.#broken = true;
    this.#rest = EMPTY;
  }

  /** Removes the gate from a connection that becomes a WebSocket, to save memory, and returns the unparsed bytes. */
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

  /** Gives the connection back to the parser: now, or when the gate resumes a stream that it has paused. */
  leave(): void {
    this.#leaves = true;
    const socket = this.#socket;
    if (this.#stopped) return;
    socket.removeListener('data', onData);
    socket.on('data', this.#parse);
  }

  /** Reads the waiting bytes in a later tick of the event loop, so that one connection cannot fill a tick. */
  onAnswered(response: ServerResponse): void {
    this.#due.delete(response);
    if (this.#stopped && !this.#isFull) setImmediate(resume, this);
  }

  resume(): void {
    if (!this.#stopped || this.#waits || this.#isFull || this.#socket.destroyed) return;
    this.#stopped = false;
    if (this.#leaves) this.leave();
    this.#socket.resume();
  }

  onEnd(): void {
    if (this.#due.size > 0) this.#options.wheel.schedule(this, this.#options.limits.halfOpenMs);
    for (const response of [...this.#due] as GatedResponse[]) response[kPeerEnded]?.();
  }

  /** Closes the connection, because `halfOpenMs` have passed since the client ended its side. */
  onTimer(): void {
    this.#socket.destroy();
  }

  /** Closes the queued answers, so that their owners release resources. Node closes only the answer that had the socket. */
  onClose(): void {
    this.#gated.delete(this);
    this.#options.wheel.cancel(this);
    if (this.#due.size > 0) setImmediate(() => this.#due.forEach(closeQueued));
  }
}

/** Closes an answer that never had a socket, by giving it a dummy one, because Node closes an answer only with its socket. */
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

function resume(gate: RequestGate): void {
  gate.resume();
}
