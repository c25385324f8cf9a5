import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CarrierPattern } from '@everywire/protocol/internal';
import type { ConnectionRules, DirectSocketWriter } from '../sockets/direct-socket-writer.js';
import type { SocketHandle, SocketReader } from '../sockets/socket-writer.js';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import { answerHead, wholeAnswer } from './answer-text.js';
import { type CachedHead, learnHead, matchHead } from './cached-head.js';
import type { ResponsePosition } from './direct-answer.js';
import type { AnswerKind, EndpointAnswers } from './endpoint-answers.js';
import { answerHeaders, JSON_TYPE } from './http-answer.js';
import type { OriginVerdict } from './origin-policy.js';
import { isOnlyRequest } from './request-gate.js';

/** An endpoint that can answer requests on the fast path, without Node's parser. */
export interface DirectEndpoint extends AnswerKind {
  /**
   * Takes the content at `from`…`to` in the chunk (a body or a query) and processes it. Must not keep a view of the
   * chunk. Returns `null`, having done nothing, for content of an unusual kind.
   */
  take(chunk: Buffer, from: number, to: number, place: ResponsePosition): Due | null;
}

/** An answer that is due, unless the endpoint answered immediately. */
export interface Due {
  /** Called when the connection has closed, so that the answer is no longer needed. */
  gone(): void;
  /** Called when the client has ended its side of the connection but still reads. */
  peerEnded(): void;
}

/** The parts of the server that a kept connection uses. */
export interface FastPathHost {
  answersOf(kind: AnswerKind, origin: OriginVerdict): EndpointAnswers;
  readonly wheel: TimerWheel;
  readonly limits: { readonly lingerMs: number };
}

/** A request that Node's parser has read once. Further requests with an identical head take the fast path. */
interface LearnedRequest {
  readonly head: CachedHead;
  readonly endpoint: DirectEndpoint;
  readonly origin: OriginVerdict;
  readonly answers: EndpointAnswers;
}

/**
 * Serves a keep-alive connection of Node's HTTP server on a fast path. A request takes the fast path if its head
 * equals, byte by byte, one that Node's parser has read on this connection and this server has accepted, and if the
 * chunk holds exactly its whole body. All other bytes go to Node unchanged, and so do all bytes while an answer of
 * Node's is due.
 */
export class FastPathConnection implements SocketReader, ResponsePosition, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;
  readonly socket: Socket;
  carrier: CarrierPattern | null = null;
  readonly #writer: DirectSocketWriter;
  readonly #host: FastPathHost;
  readonly #rules: ConnectionRules;
  #learned: LearnedRequest | null = null;
  /** Whether Node's parser is between two requests and owes no answer. */
  #ready = false;
  /** How often bytes were passed to Node, and how many the last time. */
  #passes = 0;
  #passedBytes = 0;
  /** Whether the connection was released. If so, all bytes go to Node. */
  #released = false;
  /** The answer that is due. */
  #due: Due | null = null;
  #isAnswerDue = false;
  /** Bytes that arrived while an answer is due. Reading is paused until they are processed. */
  #held: Buffer | null = null;
  #ownsTimeout = false;
  /** Whether the client has ended its side of the connection. If so, the answer that is due is the last. */
  #ended = false;
  /**
   * Set while only answers of the fast path go out and the kernel has taken all of them, so that this need not be
   * checked for each answer.
   */
  #socketHandle: SocketHandle = null;

  constructor(writer: DirectSocketWriter, host: FastPathHost, rules: ConnectionRules, socket: Socket) {
    this.#writer = writer;
    this.#host = host;
    this.#rules = rules;
    this.socket = socket;
  }

  onBytes(chunk: Buffer, length: number): void {
    if (this.#isAnswerDue) {
      const part = chunk.subarray(0, length);
      this.#held = this.#held === null ? Buffer.from(part) : Buffer.concat([this.#held, part]);
      this.#writer.hold(this.socket);
    } else if (!this.#takeFastPath(chunk, length)) {
      this.#pass(Buffer.from(chunk.subarray(0, length)));
    }
  }

  /** Node has read a request to an endpoint that supports the fast path. */
  onRequest(request: IncomingMessage, response: ServerResponse, endpoint: DirectEndpoint, origin: OriginVerdict): void {
    const passes = this.#passes;
    response.once('finish', () => {
      if (this.#passes === passes) this.learn(request, response, endpoint, origin, this.#passedBytes);
    });
  }

  /**
   * Remembers a request that Node has answered, for the fast path.
   *
   * @param bytes bytes received with the request, as far as is known
   */
  learn(
    request: IncomingMessage,
    response: ServerResponse,
    endpoint: DirectEndpoint,
    origin: OriginVerdict,
    bytes: number,
  ): void {
    if (!response.shouldKeepAlive || this.socket.destroyed || !isOnlyRequest(this.socket)) return;
    const head = learnHead(request, bytes);
    if (head === null) return;
    this.#learned = { head, endpoint, origin, answers: this.#host.answersOf(endpoint, origin) };
    this.#ready = true;
  }

  answer(status: 200 | 400 | 503, body: string): void {
    const { socket } = this;
    const socketHandle = this.#socketHandle;
    this.#isAnswerDue = false;
    this.#due = null;
    if (socketHandle === null || this.#learned === null) return;
    this.#writer.occupy(socket, false);
    const { answers, origin } = this.#learned;
    const { keepAliveTimeout } = this.#rules;
    const text = status === 200 ? answers.ok(keepAliveTimeout, body) : refusal(status, origin, keepAliveTimeout, body);
    const taken = this.#writer.writeText(socket, text, socketHandle);
    if (!taken) this.#socketHandle = null;
    this.#waitForNext(taken);
    if (this.#ended) socket.end();
    if (this.#held !== null) process.nextTick(resume, this);
  }

  destroy(): void {
    this.socket.destroy();
  }

  onPeerEnded(): void {
    this.#ended = true;
    this.#due?.peerEnded();
  }

  onClose(): void {
    this.#host.wheel.cancel(this);
    this.#held = null;
    this.#socketHandle = null;
    const due = this.#due;
    this.#due = null;
    this.#isAnswerDue = false;
    due?.gone();
  }

  /** Closes a connection that was idle too long or did not read its answer. */
  onTimer(): void {
    this.socket.destroy();
  }

  /** Processes the bytes that were held back. */
  resume(): void {
    const held = this.#held;
    this.#held = null;
    if (held === null || this.socket.destroyed) return;
    this.#writer.go(this.socket);
    this.onBytes(held, held.length);
  }

  /** Passes all bytes to Node from now on, because the server has released its paths. */
  release(): void {
    this.#released = true;
    if (!this.#isAnswerDue) this.#giveTimeoutBack();
  }

  #takeFastPath(chunk: Buffer, length: number): boolean {
    const learned = this.#learned;
    if (!this.#ready || this.#released || learned === null || !this.#rules.listening) return false;
    const { head } = learned;
    const from = matchHead(head, chunk, length);
    if (from < 0 || !this.#isDrained()) return false;
    this.#takeTimeout();
    this.#isAnswerDue = true;
    const to = head.differs === 'query' ? length - head.after.length : length;
    const due = learned.endpoint.take(chunk, from, to, this);
    // The endpoint may have answered immediately.
    if (this.#isAnswerDue && due !== null) {
      this.#due = due;
      this.#writer.occupy(this.socket, true);
    }
    if (due === null) this.#isAnswerDue = false;
    return due !== null;
  }

  /**
   * Returns whether the kernel has taken the previous answer. If not, the request goes to Node, which has limits for
   * clients that do not read.
   */
  #isDrained(): boolean {
    if (this.#socketHandle === null && this.#writer.waitingBytes(this.socket) === 0)
      this.#socketHandle = this.#writer.socketHandleOf(this.socket);
    return this.#socketHandle !== null;
  }

  #pass(chunk: Buffer): void {
    this.#ready = false;
    this.#socketHandle = null;
    this.#passes += 1;
    this.#passedBytes = chunk.length;
    this.#giveTimeoutBack();
    this.#writer.pass(this.socket, chunk);
  }

  /**
   * Measures the idle time of this connection itself from now on, because Node would create a timer for each request.
   */
  #takeTimeout(): void {
    this.#host.wheel.cancel(this);
    if (this.#ownsTimeout) return;
    this.#ownsTimeout = true;
    this.socket.setTimeout(0);
  }

  /** @param taken whether the kernel took the whole answer */
  #waitForNext(taken: boolean): void {
    const { keepAliveTimeout } = this.#rules;
    if (!taken) this.#host.wheel.schedule(this, this.#host.limits.lingerMs);
    else if (keepAliveTimeout > 0) this.#host.wheel.schedule(this, keepAliveTimeout + IDLE_GRACE_MS);
  }

  /** Restores the timeout as Node set it after its last answer. Node removes it when the next request arrives. */
  #giveTimeoutBack(): void {
    if (!this.#ownsTimeout) return;
    this.#ownsTimeout = false;
    this.#host.wheel.cancel(this);
    this.socket.setTimeout(this.#rules.keepAliveTimeout);
  }
}

/**
 * Milliseconds beyond the announced time, so that a request sent at the last moment does not meet a closed connection.
 */
const IDLE_GRACE_MS = 1_000;

function refusal(status: 400 | 503, origin: OriginVerdict, keepMs: number, body: string): string {
  return wholeAnswer(answerHead(status, answerHeaders(JSON_TYPE, origin), keepMs), body);
}

function resume(connection: FastPathConnection): void {
  connection.resume();
}
