// Longer than 300 lines, because input, output and end of a session share one state.
import type { Claims, TopicClass } from '@everywire/server';
import {
  callGuarded,
  errorLocation,
  type GatewayHost,
  type GatewayLink,
  type GatewayMember,
  type GatewaySocket,
  type GatewayTopics,
  isThenable,
  type TimerEntry,
} from '@everywire/server/internal';
import type { AnswerCarrier } from './carrier.js';
import type { SockJsConnection, SockJsTransport } from './connection.js';
import { SockJsPublication } from './sockjs-publication.js';

/** The shared context of the sessions of one gateway. */
export interface SockJsSessionHost {
  readonly gateway: GatewayHost;
  readonly topics: GatewayTopics<SockJsPublication>;
  readonly heartbeatMs: number;
  readonly disconnectMs: number;
  readonly onConnection: (connection: SockJsConnection) => void;
  onOver(session: Session): void;
}

/** The facts of a session's first request. */
export interface SessionFacts {
  readonly transport: SockJsTransport;
  readonly remoteAddress: string;
  readonly origin: string | undefined;
  /** The token, which every later request must repeat. */
  readonly token: string | undefined;
  /** The id in the addresses of its requests; a WebSocket has none. */
  readonly id: string | undefined;
}

const NO_CLAIMS: Claims = { subject: '' };
/** Maximum send requests of a session whose messages wait for the application. A correct client sends one at a time. */
const SENDS_MAX = 8;

/**
 * One SockJS session (a client until it disconnects), over one WebSocket or a series of HTTP responses. Its states:
 * `opening` during authentication; `open`; `closing`, while further requests are answered with the close frame; `over`.
 */
export class Session implements SockJsConnection, GatewayLink, GatewayMember<SockJsPublication>, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly serial: number;
  readonly facts: SessionFacts;
  claims: Claims = NO_CLAIMS;
  onMessage: SockJsConnection['onMessage'] = null;
  onClose: SockJsConnection['onClose'] = null;
  readonly #host: SockJsSessionHost;
  readonly #socket: GatewaySocket | null;
  #state: 'opening' | 'open' | 'closing' | 'over' = 'opening';
  /** The HTTP response on which the client waits for frames; `null` between two requests, and for a WebSocket. */
  #answer: AnswerCarrier | null = null;
  #closeFrame = '';
  /** Whether the client has received the close frame. */
  #isCloseSent = false;
  #topics: Set<string> | null = null;
  /** Messages that wait for an HTTP response. */
  #waiting: SockJsPublication[] = [];
  #waitingBytes = 0;
  /** Whether a flush at the end of this tick is scheduled. */
  #gathered = false;
  /** The running message handler. */
  #handling: Promise<void> | null = null;
  /** Number of send requests whose messages wait for the application. */
  #sends = 0;

  constructor(host: SockJsSessionHost, facts: SessionFacts, socket: GatewaySocket | null) {
    this.#host = host;
    this.facts = facts;
    this.#socket = socket;
    this.serial = host.gateway.nextSerial();
    host.gateway.add(this, facts.remoteAddress);
  }

  get transport(): SockJsTransport {
    return this.facts.transport;
  }

  get remoteAddress(): string {
    return this.facts.remoteAddress;
  }

  get origin(): string | undefined {
    return this.facts.origin;
  }

  // ---- called by the application

  send(text: string): boolean {
    if (typeof text !== 'string') throw new TypeError('send: SockJS carries only text');
    this.deliver(new SockJsPublication(this.#host.gateway, text), 'durable');
    return this.#state === 'open';
  }

  close(code = 1000, reason = 'Normal closure'): void {
    if (this.#state !== 'open' && this.#state !== 'opening') return;
    this.flush();
    this.#closeFrame = `c${JSON.stringify([code, reason])}`;
    this.#leaveOpen('closing', code, reason);
    if (this.#socket !== null) this.#closeSocket(this.#socket, code, reason);
    else if (this.#answer !== null) {
      this.#endAnswer(this.#closeFrame);
      this.#isCloseSent = true;
      this.#linger();
    } else this.#linger();
  }

  join(topic: string): void {
    const { gateway, topics } = this.#host;
    if (this.#state !== 'open' || this.#topics?.has(topic)) return;
    this.#topics ??= new Set();
    gateway.checkTopic(topic, this.#topics.size);
    this.#topics.add(topic);
    topics.join(topic, this);
  }

  leave(topic: string): void {
    if (this.#topics?.delete(topic)) this.#host.topics.leave(topic, this);
  }

  // ---- called by the server

  revoke(match: (claims: Claims) => boolean): number {
    // A session that is not authenticated yet has no claims.
    if (this.#state === 'opening' || !match(this.claims)) return 0;
    this.#expel('revoked');
    return 1;
  }

  /** Ends a client without access. Drops the messages that wait for its next request, which it may no longer receive. */
  #expel(reason: 'revoked' | 'expired'): void {
    this.#waiting = [];
    this.close(1008, reason);
  }

  stop(): void {
    this.close(1001, 'closing');
    if (this.#socket === null && this.#isCloseSent) this.#over();
  }

  destroy(): void {
    this.#socket?.destroy();
    this.#answer?.destroy();
    this.#over();
  }

  admitted(claims: Claims): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.claims = claims;
    this.#socket?.open();
    this.#wait();
    if (this.#socket !== null) this.#toSocket('o');
    else if (this.#answer !== null) this.#toAnswer('o');
    this.#call(() => this.#host.onConnection(this));
  }

  refused(code: string): void {
    this.close(code === 'busy' ? 1013 : code === 'closing' ? 1001 : 1008, code);
  }

  deliver(publication: SockJsPublication, topicClass: TopicClass): void {
    if (this.#state !== 'open') return;
    if (this.#socket !== null) {
      this.#socket.deliver(this.#isFramed ? publication.framed : publication.raw, topicClass);
      return;
    }
    const bytes = publication.quoted.length;
    const waiting = this.#waitingBytes + (this.#answer?.undrained ?? 0);
    if (waiting > 0 && waiting + bytes > this.#host.gateway.limits.rawWaitingBytesMax) {
      if (topicClass !== 'durable') return;
      this.#waiting = [];
      this.close(1013, 'slow');
      return;
    }
    this.#waiting.push(publication);
    this.#waitingBytes += bytes;
    if (this.#answer !== null && !this.#gathered) {
      this.#gathered = true;
      this.#host.gateway.turn.add(this);
    }
  }

  flush(): void {
    this.#gathered = false;
    if (this.#answer === null || this.#waiting.length === 0 || this.#state !== 'open') return;
    this.#toAnswer(this.#takeWaiting());
  }

  /** Returns the frame of all waiting messages. */
  #takeWaiting(): string {
    const frame = `a[${this.#waiting.map(({ quoted }) => quoted).join(',')}]`;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return frame;
  }

  // ---- answers

  /** Attaches a response. Returns `false`, after answering it, if the session already has one. */
  attach(answer: AnswerCarrier): boolean {
    answer.begin();
    if (this.#answer !== null) {
      answer.write('c[2010,"Another connection still open"]');
      answer.end();
      return false;
    }
    if (this.#state === 'closing') {
      this.#answerLast(answer);
      return false;
    }
    this.#answer = answer;
    if (this.#state === 'open') {
      this.#wait();
      this.flush();
    } else this.#host.gateway.wheel.cancel(this);
    return true;
  }

  /** Answers a request after the close: with the messages that still wait, then, if the answer has room, with the close frame. */
  #answerLast(answer: AnswerCarrier): void {
    const hasRoom = this.#waiting.length === 0 || answer.write(this.#takeWaiting());
    if (hasRoom) {
      answer.write(this.#closeFrame);
      this.#isCloseSent = true;
    }
    answer.end();
    this.#linger();
  }

  /**
   * Ends the session when the client aborts a response, because written data may be lost (SockJS 0.3.3, "Handling
   * close").
   */
  aborted(answer: AnswerCarrier): void {
    if (this.#answer !== answer) return;
    this.#answer = null;
    answer.destroy();
    this.#leaveOpen('over', 1002, 'Connection interrupted');
    this.#over();
  }

  #toAnswer(frame: string): void {
    if (this.#answer?.write(frame) === false) this.#endAnswer();
  }

  #endAnswer(last?: string): void {
    const answer = this.#answer;
    this.#answer = null;
    if (answer === null) return;
    if (last !== undefined) answer.write(last);
    answer.end();
    if (this.#state === 'open') this.#wait();
  }

  // ---- the WebSocket

  onGone(): void {
    this.#leaveOpen('over', 1002, 'Connection interrupted');
    this.#over();
  }

  get #isFramed(): boolean {
    return this.facts.transport === 'websocket';
  }

  #toSocket(frame: string): void {
    if (this.#isFramed) this.#socket?.deliver(this.#host.gateway.publication(frame), 'durable');
  }

  #closeSocket(socket: GatewaySocket, code: number, reason: string): void {
    // A refused socket is not open yet.
    socket.open();
    this.#toSocket(this.#closeFrame);
    if (this.#isFramed) socket.close(1000, 'Normal closure');
    else socket.close(code, reason);
  }

  /** Handles a WebSocket message, which may contain several messages of the client. */
  onSocketMessage(data: string | Uint8Array): void | Promise<void> {
    if (typeof data !== 'string') this.close(1003, 'text only');
    else if (!this.#isFramed) return this.take([data]);
    else if (data !== '') {
      const texts = parseTexts(data.startsWith('[') ? data : `[${data}]`);
      if (texts !== null) return this.take(texts);
      this.#leaveOpen('closing', 1002, 'Broken framing.');
      this.#socket?.close(1002, 'Broken framing.');
    }
    return undefined;
  }

  // ---- in

  /**
   * Handles the messages of a send request, after those of earlier requests. Returns `null` if too many requests wait;
   * a promise if the messages are not handled yet; otherwise `undefined`.
   */
  takeSend(texts: readonly string[]): null | void | Promise<void> {
    if (this.#sends >= SENDS_MAX) return null;
    const taken = this.take(texts);
    if (taken === undefined) return undefined;
    this.#sends += 1;
    return taken.finally(() => {
      this.#sends -= 1;
    });
  }

  take(texts: readonly string[]): void | Promise<void> {
    if (this.#handling !== null) return this.#handling.then(() => this.take(texts));
    return this.#handleFrom(texts, 0);
  }

  #handleFrom(texts: readonly string[], from: number): void | Promise<void> {
    for (let at = from; at < texts.length && this.#state === 'open'; at++) {
      const handled = this.#handle(texts[at] as string);
      if (handled === undefined) continue;
      const rest = handled.then(() => {
        this.#handling = null;
        return this.#handleFrom(texts, at + 1);
      });
      this.#handling = rest;
      return rest;
    }
    return undefined;
  }

  #handle(text: string): void | Promise<void> {
    const { gateway } = this.#host;
    return gateway.askPolicy(
      this,
      () => ({ kind: 'message', data: text }),
      (answer) => {
        if (this.#state !== 'open') return undefined;
        if (answer === true) return this.#dispatch(text);
        // SockJS cannot report it to the client.
        gateway.onPolicyRefused(this, answer);
        return undefined;
      },
    );
  }

  #dispatch(text: string): void | Promise<void> {
    try {
      const result = this.onMessage?.(text);
      if (isThenable(result)) return Promise.resolve(result).catch((error: unknown) => this.#onFailed(error));
    } catch (error) {
      this.#onFailed(error);
    }
    return undefined;
  }

  #call(call: () => unknown): void {
    callGuarded(call, (error) => this.#onFailed(error));
  }

  /** Reports an error of a handler, and closes the connection. */
  #onFailed(error: unknown): void {
    const at = errorLocation(error);
    this.#host.gateway.onNotice('handler_failed', `A handler failed for SockJS connection ${this.serial}: ${at}`);
    this.close(1011, 'internal');
  }

  // ---- time

  /** Schedules the next heartbeat of a connected client, or the end of the session without one. */
  #wait(): void {
    const { gateway, heartbeatMs, disconnectMs } = this.#host;
    const listens = this.#socket !== null || this.#answer !== null;
    const leftMs = (this.claims.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
    gateway.wheel.schedule(this, Math.max(1, Math.min(listens ? heartbeatMs : disconnectMs, leftMs)));
  }

  onTimer(): void {
    const { expiresAt } = this.claims;
    if (this.#state === 'open' && expiresAt !== undefined && expiresAt <= Date.now()) this.#expel('expired');
    else if (this.#socket === null && this.#answer === null) {
      this.#leaveOpen('over', 1002, 'Connection interrupted');
      this.#over();
    } else if (this.#state === 'open') {
      if (this.#socket !== null) this.#toSocket('h');
      else this.#toAnswer('h');
      this.#wait();
    }
  }

  /**
   * Keeps the session for a while, so that further requests are answered with the close frame. A stopping server keeps
   * it only until the client has received the frame.
   */
  #linger(): void {
    const { gateway, disconnectMs } = this.#host;
    if (gateway.isClosing() && this.#isCloseSent) this.#over();
    else gateway.wheel.schedule(this, disconnectMs);
  }

  #leaveOpen(next: 'closing' | 'over', code: number, reason: string): void {
    const was = this.#state;
    if (was === 'closing' || was === 'over') return;
    this.#state = next;
    for (const topic of this.#topics ?? []) this.#host.topics.leave(topic, this);
    this.#topics = null;
    if (was !== 'open') return;
    this.#call(() => this.onClose?.(code, reason));
  }

  #over(): void {
    this.#state = 'over';
    this.#waiting = [];
    this.#host.gateway.wheel.cancel(this);
    this.#host.gateway.remove(this);
    this.#host.onOver(this);
  }
}

/** Parses an array of strings. Returns `null` for anything else. */
export function parseTexts(json: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
  } catch {
    return null;
  }
}
