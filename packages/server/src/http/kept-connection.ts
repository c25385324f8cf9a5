import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { KeptCarrier } from '@everywire/protocol/internal';
import type { ConnectionRules, DirectWay } from '../sockets/direct-way.js';
import type { SocketGrip, SocketReader } from '../sockets/socket-way.js';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';
import { answerHead, wholeAnswer } from './answer-text.js';
import type { AnswerPlace } from './direct-answer.js';
import type { AnswerKind, EndpointAnswers } from './endpoint-answers.js';
import { answerHeaders, jsonType } from './http-answer.js';
import { type KeptHead, learnHead, matchHead } from './kept-head.js';
import type { OriginVerdict } from './origin-policy.js';
import { isOnlyRequest } from './request-gate.js';

/** An endpoint whose requests may be read by hand. */
export interface DirectEndpoint extends AnswerKind {
  /**
   * Takes what stands there in a chunk, a body or a query, and goes on with it; no view of it may be kept. `null`: it is none of
   * the common kind, and nothing was done.
   */
  take(chunk: Buffer, from: number, to: number, place: AnswerPlace): Due | null;
}

/** An answer that is due, unless it was given at once. */
export interface Due {
  /** Nobody waits for it any more. */
  gone(): void;
  /** The client sends nothing any more, and reads what it gets. */
  peerEnded(): void;
}

export interface KeptConnectionHost {
  answersOf(kind: AnswerKind, origin: OriginVerdict): EndpointAnswers;
  readonly wheel: TickWheel;
  readonly limits: { readonly lingerMs: number };
}

/** A request whose like may be read by hand from now on. */
interface Known {
  readonly head: KeptHead;
  readonly endpoint: DirectEndpoint;
  readonly origin: OriginVerdict;
  readonly answers: EndpointAnswers;
}

/**
 * A kept connection of Node's http server whose requests are read by hand where they may be: where the head is, to the byte, one
 * that Node's parser has read on this connection and this server has let pass, the body is all there, and nothing else is. All
 * other bytes go to Node as if nobody stood between, and so does everything while an answer of Node's is due.
 */
export class KeptConnection implements SocketReader, AnswerPlace, WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly socket: Socket;
  carrier: KeptCarrier | null = null;
  readonly #way: DirectWay;
  readonly #host: KeptConnectionHost;
  readonly #rules: ConnectionRules;
  #known: Known | null = null;
  /** Node's parser stands between two requests, and owes no answer. */
  #ready = false;
  /** How often Node was given something, and how many bytes at last. */
  #passes = 0;
  #passedBytes = 0;
  /** Given back: everything goes to Node for ever. */
  #released = false;
  /** The answer that is due. */
  #due: Due | null = null;
  #dueOpen = false;
  /** What came meanwhile; nothing more is read until it is its turn. */
  #held: Buffer | null = null;
  #ownsTimeout = false;
  /** The client has ended its side: the answer that is due is the last. */
  #ended = false;
  /** While only answers of ours go out, and the kernel has taken all of them: so it need not be asked at each. */
  #grip: SocketGrip = null;

  constructor(way: DirectWay, host: KeptConnectionHost, rules: ConnectionRules, socket: Socket) {
    this.#way = way;
    this.#host = host;
    this.#rules = rules;
    this.socket = socket;
  }

  onBytes(chunk: Buffer, length: number): void {
    if (this.#dueOpen) {
      const part = chunk.subarray(0, length);
      this.#held = this.#held === null ? Buffer.from(part) : Buffer.concat([this.#held, part]);
      this.#way.hold(this.socket);
    } else if (!this.#takesByHand(chunk, length)) {
      this.#pass(Buffer.from(chunk.subarray(0, length)));
    }
  }

  /** Node has read a request of ours on this connection, and its endpoint could have been asked by hand. */
  onRequest(request: IncomingMessage, response: ServerResponse, endpoint: DirectEndpoint, origin: OriginVerdict): void {
    const passes = this.#passes;
    response.once('finish', () => {
      if (this.#passes === passes) this.learn(request, response, endpoint, origin, this.#passedBytes);
    });
  }

  /**
   * Node has answered a request, which may be known from now on.
   *
   * @param bytes how many came with it, as far as is known
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
    this.#known = { head, endpoint, origin, answers: this.#host.answersOf(endpoint, origin) };
    this.#ready = true;
  }

  answer(status: 200 | 400 | 503, body: string): void {
    const { socket } = this;
    const grip = this.#grip;
    this.#dueOpen = false;
    this.#due = null;
    if (grip === null || this.#known === null) return;
    this.#way.occupy(socket, false);
    const { answers, origin } = this.#known;
    const { keepAliveTimeout } = this.#rules;
    const text = status === 200 ? answers.ok(keepAliveTimeout, body) : refusal(status, origin, keepAliveTimeout, body);
    const taken = this.#way.writeText(socket, text, grip);
    if (!taken) this.#grip = null;
    this.#waitForNext(taken);
    if (this.#ended) socket.end();
    if (this.#held !== null) process.nextTick(goOn, this);
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
    this.#grip = null;
    const due = this.#due;
    this.#due = null;
    this.#dueOpen = false;
    due?.gone();
  }

  /** It stood idle too long, or did not take its answer. */
  onWheel(): void {
    this.socket.destroy();
  }

  /** What was held back is read now. */
  goOn(): void {
    const held = this.#held;
    this.#held = null;
    if (held === null || this.socket.destroyed) return;
    this.#way.go(this.socket);
    this.onBytes(held, held.length);
  }

  /** Its server has given its paths back. */
  release(): void {
    this.#released = true;
    if (!this.#dueOpen) this.#giveTimeoutBack();
  }

  #takesByHand(chunk: Buffer, length: number): boolean {
    const known = this.#known;
    if (!this.#ready || this.#released || known === null || !this.#rules.listening) return false;
    const { head } = known;
    const from = matchHead(head, chunk, length);
    if (from < 0 || !this.#isDrained()) return false;
    this.#takeTimeout();
    this.#dueOpen = true;
    const to = head.differs === 'query' ? length - head.after.length : length;
    const due = known.endpoint.take(chunk, from, to, this);
    // It may have been answered at once.
    if (this.#dueOpen && due !== null) {
      this.#due = due;
      this.#way.occupy(this.socket, true);
    }
    if (due === null) this.#dueOpen = false;
    return due !== null;
  }

  /** An answer that was not taken yet: who does not wait for it is Node's affair, which has bounds for that. */
  #isDrained(): boolean {
    if (this.#grip === null && this.#way.waitingBytes(this.socket) === 0) this.#grip = this.#way.gripOf(this.socket);
    return this.#grip !== null;
  }

  #pass(chunk: Buffer): void {
    this.#ready = false;
    this.#grip = null;
    this.#passes += 1;
    this.#passedBytes = chunk.length;
    this.#giveTimeoutBack();
    this.#way.pass(this.socket, chunk);
  }

  /** From here on this connection's idle time is counted here: Node would have to make a timer for each request. */
  #takeTimeout(): void {
    this.#host.wheel.cancel(this);
    if (this.#ownsTimeout) return;
    this.#ownsTimeout = true;
    this.socket.setTimeout(0);
  }

  /** @param taken all of the answer */
  #waitForNext(taken: boolean): void {
    const { keepAliveTimeout } = this.#rules;
    if (!taken) this.#host.wheel.schedule(this, this.#host.limits.lingerMs);
    else if (keepAliveTimeout > 0) this.#host.wheel.schedule(this, keepAliveTimeout + IDLE_GRACE_MS);
  }

  /** As Node left it when it had answered last; it takes it off when the next request has come. */
  #giveTimeoutBack(): void {
    if (!this.#ownsTimeout) return;
    this.#ownsTimeout = false;
    this.#host.wheel.cancel(this);
    this.socket.setTimeout(this.#rules.keepAliveTimeout);
  }
}

/** Milliseconds beyond the announced time, so that a request sent in the last moment is not met by an end. */
const IDLE_GRACE_MS = 1_000;

function refusal(status: 400 | 503, origin: OriginVerdict, keepMs: number, body: string): string {
  return wholeAnswer(answerHead(status, answerHeaders(jsonType, origin), keepMs), body);
}

function goOn(connection: KeptConnection): void {
  connection.goOn();
}
