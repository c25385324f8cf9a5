// Over 300 lines: the calls to the application and the messages that wait for them share one state.
import { type Verdict, WireError } from '@everywire/protocol';
import {
  callGuarded,
  isThenable,
  type Message,
  requestIn,
  type ServerSession,
  type ServerSessionIo,
  type SessionRegistry,
  type TypedMessage,
} from '@everywire/protocol/internal';
import { toData } from '../gathering/to-data.js';
import { refusal } from '../refusal.js';
import type { TimerEntry } from '../timer-wheel.js';
import type { Topic, TopicMember } from '../topics/topic.js';
import type { Claims, PublishOptions, RequestOptions, SendData, SendOptions, WireSession } from '../wire-session.js';
import type { Policy, PolicyAction, PolicyAnswer } from './policy.js';
import { type ExchangesHost, SessionExchanges } from './session-exchanges.js';
import { type TransportChange, TransportHistory } from './transport-history.js';

/** The parts of a server that its sessions need. One object serves all sessions. */
export interface SessionHost extends ExchangesHost {
  readonly registry: SessionRegistry;
  readonly policy: Policy | undefined;
  now(): number;
  /** Puts published messages into all queues now. */
  catchUp(): void;
  join(session: SessionShell, topic: string, info: unknown): void;
  leave(session: SessionShell, topic: string): void;
  publish(topic: string, data: string | Uint8Array, options: PublishOptions): void;
  /** @returns a promise that resolves, and never rejects, when an asynchronous `onSession` has settled */
  onBegun(session: SessionShell): Promise<void> | undefined;
  onConfirmed(session: SessionShell): void;
  onEnded(session: SessionShell): void;
  /** Called when a message has arrived and the application has set no `onMessage`. */
  onNoMessageHandler(session: SessionShell): void;
  /** Called when a handler has thrown, or its promise was rejected. */
  onHandlerFailed(session: SessionShell, error: unknown): void;
  /** Called when the client has sent a new token, which the server requested (SN-21). */
  onToken(session: SessionShell, token: string): void;
  /** Called when the session machine has handled its timer and has set its next time. */
  onTicked(session: SessionShell): void;
}

const NO_TOPICS: readonly Topic[] = [];

/** Result of handling a message that must wait, because the application has set no handler. */
const HELD: unique symbol = Symbol('held');
type Handling = ReturnType<NonNullable<WireSession['onMessage']>> | typeof HELD | Promise<unknown>;

/**
 * One session as the application sees it. Wraps the session machine (`ServerSession`), which implements the protocol. The shell itself
 * implements no protocol rule: it calls the application's handlers, one message at a time, and keeps the messages that wait for them.
 */
export class SessionShell implements WireSession, ServerSessionIo, TopicMember, TimerEntry {
  readonly serial: number;
  /** The claims of the last authentication. A renewed token may change them. */
  claims: Claims;
  onClose: WireSession['onClose'] = null;
  onTransport: WireSession['onTransport'] = null;
  onRequest: WireSession['onRequest'] = null;
  onDrain: WireSession['onDrain'] = null;

  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly machine: ServerSession;
  topics: readonly Topic[] = NO_TOPICS;
  /** Hint topics whose messages were dropped because the buffer was full; `null` if there are none. */
  dropped: Set<string> | null = null;
  readonly #host: SessionHost;
  /** The transport that `onTransport` was last called with, or will be called with first. */
  #transport: string | null = null;
  /** The transport of the first attach; `null` before. */
  #firstTransport: string | null = null;
  #transportHistory: TransportHistory | null = null;
  #sessionExchanges: SessionExchanges | null = null;
  #onMessage: WireSession['onMessage'] = null;
  /**
   * Messages that wait, because `onSession` or a handler is pending or no handler is set; `null` if the next message can be handled
   * immediately. Bounded by the window, because none of them is acknowledged (SN-6).
   */
  #waiting: Message[] | null = null;
  /** Whether the first of `#waiting` waits because no handler is set. */
  #unhandled = false;
  /** Whether the promise of `onSession` is pending. If the session ended meanwhile: the verdict, to be reported afterwards. */
  #opening: boolean | Verdict = false;

  constructor(host: SessionHost, machine: ServerSession, serial: number, claims: Claims) {
    this.#host = host;
    this.machine = machine;
    this.serial = serial;
    this.claims = claims;
  }

  get transport(): string | null {
    return this.machine.transport;
  }

  get onMessage(): WireSession['onMessage'] {
    return this.#onMessage;
  }

  set onMessage(handler: WireSession['onMessage']) {
    this.#onMessage = handler;
    // Deferred, because the application may set more handlers after this one.
    if (this.#unhandled && handler !== null) queueMicrotask(() => this.#resume());
  }

  get bufferedAmount(): number {
    this.#host.catchUp();
    return this.machine.flow.outgoing.bufferedAmount;
  }

  send(data: SendData): boolean;
  send(data: SendData, options: SendOptions): Promise<void>;
  send(data: SendData, options?: SendOptions): boolean | Promise<void> {
    if (options !== undefined) return this.#openSessionExchanges().sendUntilSettled(data, options);
    const { machine } = this;
    const message = this.#host.maker.make(toData(data, 'send'));
    let result = machine.send(message);
    // `squeeze` removes unsent messages that newer ones replace. If it has removed any, the message may fit.
    if (result === 'full' && machine.squeeze()) result = machine.send(message);
    if (result === 'full') throw refusal('buffer_full');
    return result === 'ok';
  }

  request(data: SendData, options: RequestOptions = {}): Promise<string | Uint8Array> {
    return this.#openSessionExchanges().request(data, options);
  }

  join(topic: string, options?: { readonly info?: unknown }): void {
    this.#host.join(this, topic, options?.info);
  }

  leave(topic: string): void {
    this.#host.leave(this, topic);
  }

  async publish(topic: string, given: SendData, options: PublishOptions = {}): Promise<void> {
    const data = toData(given, 'publish');
    const answer = (await this.#host.policy?.(this, { kind: 'publish', topic, data })) ?? true;
    if (answer !== true) throw new WireError(answer, { side: 'server' });
    this.#host.publish(topic, data, options);
  }

  close(): void {
    this.machine.close();
  }

  rotate(): void {
    this.#host.registry.rotate(this.machine);
  }

  end(code: string): void {
    this.machine.fail(code);
  }

  // ---- calls of the machine

  begun(): void {
    const opening = this.#host.onBegun(this);
    if (opening === undefined) {
      this.#reportFirstTransport();
      return;
    }
    this.#opening = true;
    this.#waiting = [];
    opening.then(() => this.#opened());
  }

  /** Handles messages and reports that waited for the promise of `onSession`, which has settled. */
  #opened(): void {
    const verdict = this.#opening;
    this.#opening = false;
    if (typeof verdict === 'object') this.#reportEnd(verdict);
    if (this.machine.done !== null) return;
    this.#reportFirstTransport();
    this.#handleWaiting();
  }

  /**
   * Reports a transport that was attached before `onTransport` was set: in the opening handshake (SN-40), or while `onSession`
   * was pending.
   */
  #reportFirstTransport(): void {
    if (this.#transport !== null) this.#reportTransport(this.#transport);
  }

  confirmed(): void {
    this.#host.onConfirmed(this);
  }

  deliver(message: Message): void {
    if (this.#waiting === null) this.#handle(message);
    else this.#waiting.push(message);
  }

  /** Takes back the messages that no handler has received, so that another node can handle them (SN-24). */
  recall(): readonly Message[] {
    return this.#waiting?.splice(0) ?? [];
  }

  token(token: string): void {
    this.#host.onToken(this, token);
  }

  /** Takes renewed claims. Also rotates the id, because it may have leaked with the old token. */
  onRenewed(claims: Claims, expiresAt: number): void {
    if (this.machine.done !== null) return;
    this.claims = claims;
    this.machine.renew(expiresAt, this.#host.now());
    this.rotate();
  }

  ended(verdict: Verdict): void {
    // `onSession` may still set `onClose`.
    if (this.#opening === true && this.onClose === null) this.#opening = verdict;
    this.#reportEnd(verdict);
  }

  #reportEnd(verdict: Verdict): void {
    const { onClose } = this;
    this.#release(verdict);
    if (onClose !== null) this.#call(() => onClose(verdict));
  }

  /** Whether `onSession` is pending. */
  get isOpening(): boolean {
    return this.#opening !== false;
  }

  /** Whether the client waits for a reply. */
  get isReplying(): boolean {
    return this.#sessionExchanges?.isReplying === true;
  }

  /** Number of requests to the client. */
  get asked(): number {
    return this.#sessionExchanges?.asked ?? 0;
  }

  /** @param asked number of requests to the client before the hand-over (SN-24) */
  askedBefore(asked: number): void {
    if (asked > 0) this.#sessionExchanges = new SessionExchanges(this.#host, this, asked);
  }

  giveUpReplies(): void {
    this.#sessionExchanges?.giveUpReplies();
  }

  /** Releases the session after another node has taken it over. Calls that wait for a result are rejected with `moved` (SN-24). */
  moved(): void {
    this.machine.moved(this.#host.now());
    const { done } = this.machine;
    if (done?.code === 'moved') this.#release(done);
  }

  #release(verdict: Verdict): void {
    this.#waiting = null;
    this.#host.onEnded(this);
    this.onMessage = this.onClose = this.onTransport = this.onRequest = this.onDrain = null;
    this.#sessionExchanges?.ended(verdict);
  }

  /** Reports each hint topic with dropped messages once, as the session has room again (SN-23). */
  drain(): void {
    const { dropped } = this;
    this.dropped = null;
    if (dropped !== null) for (const topic of dropped) this.machine.reset(topic);
    const { onDrain } = this;
    if (onDrain !== null) this.#call(onDrain);
  }

  renumbered(removed: readonly number[]): void {
    this.#sessionExchanges?.moved(removed);
  }

  counted(): void {
    this.#sessionExchanges?.counted();
  }

  changed(): void {
    const { transport } = this.machine;
    if (transport === this.#transport) return;
    if (transport !== null) this.#recordTransport(transport);
    this.#transport = transport;
    if (this.#opening === false) this.#reportTransport(transport);
  }

  tried(tried: string): void {
    this.#transportHistory ??= new TransportHistory(this.#firstTransport);
    this.#transportHistory.tried(tried);
  }

  get moves(): readonly TransportChange[] {
    return this.#transportHistory?.all ?? [];
  }

  /** Records a change of transport. Most sessions keep their first transport, so the list is created at the first change. */
  #recordTransport(to: string): void {
    if (this.#firstTransport === null) this.#firstTransport = to;
    if (this.#transportHistory === null && to !== this.#firstTransport)
      this.#transportHistory = new TransportHistory(this.#firstTransport);
    this.#transportHistory?.to(to);
  }

  #reportTransport(transport: string | null): void {
    const { onTransport } = this;
    if (onTransport !== null) this.#call(() => onTransport(transport));
  }

  onTimer(now: number): void {
    try {
      this.machine.tick(now);
    } catch (error) {
      this.machine.broke(error);
    }
    this.#host.onTicked(this);
  }

  // ---- one message at a time

  /** Puts a message without a handler in front of the waiting ones. It is not settled, which would acknowledge it as handled. */
  #hold(message: Message): typeof HELD {
    this.#waiting ??= [];
    this.#waiting.unshift(message);
    this.#unhandled = true;
    this.#host.onNoMessageHandler(this);
    return HELD;
  }

  /** Handles the messages that waited until the application set a handler. */
  #resume(): void {
    if (!this.#unhandled || this.machine.done !== null) return;
    this.#unhandled = false;
    this.#handleWaiting();
  }

  /** @returns whether the handler is pending, so that the next message must wait */
  #handle(message: Message): boolean {
    let result: Handling;
    try {
      const handling = message.typed || this.#host.policy ? this.#askPolicy(message) : this.#dispatch(message);
      // Any other value is ignored, because a one-line handler may return the result of `send`.
      result = isThenable(handling) ? Promise.resolve(handling) : handling;
    } catch (error) {
      this.#host.onHandlerFailed(this, error);
      return true;
    }
    if (result === HELD) return true;
    if (!isThenable(result)) {
      this.machine.consumed(message);
      return false;
    }
    this.#waiting ??= [];
    result.then(
      (handled) => handled === HELD || this.#settled(message),
      (error: unknown) => this.#host.onHandlerFailed(this, error),
    );
    return true;
  }

  /** Calls `onMessage`. The maker reuses the message's bytes if the handler sends its text to others. */
  #dispatch(message: Message): Handling {
    const { maker } = this.#host;
    const handler = this.#onMessage;
    if (handler === null) return this.#hold(message);
    const data = maker.dataOf(message);
    maker.beginHandling(message, data);
    try {
      return handler(data);
    } finally {
      maker.endHandling();
    }
  }

  /** Handles typed messages (requests and replies), and messages that the policy must permit (SN-32). */
  #askPolicy(message: Message): Handling {
    // Only clients that announced typed messages may send them (SN-19).
    if (message.typed && !this.machine.features.includes('typed')) {
      this.machine.fail('hostile');
      return undefined;
    }
    const action = this.#actionOf(message);
    const answer = action === null ? true : (this.#host.policy?.(this, action) ?? true);
    if (!isThenable(answer)) return this.#applyPolicy(message, answer);
    return answer.then((late) => this.#applyPolicy(message, late));
  }

  /** Returns the action for the policy; `null` for messages that are not a request, such as a reply. */
  #actionOf(message: Message): PolicyAction | null {
    if (!message.typed) return { kind: 'message', data: this.#host.maker.dataOf(message) };
    const data = requestIn((message as TypedMessage).items);
    return data === null ? null : { kind: 'request', data };
  }

  #applyPolicy(message: Message, answer: PolicyAnswer): Handling {
    if (this.machine.done !== null) return undefined;
    if (!message.typed && answer === true) return this.#dispatch(message);
    const sessionExchanges = this.#openSessionExchanges();
    if (!message.typed) return sessionExchanges.refuse(this.machine.flow.incoming.settled + 1, answer as string);
    const { items } = message as TypedMessage;
    if (answer === true) sessionExchanges.take(items);
    else sessionExchanges.refuseRequest(items, answer);
    return undefined;
  }

  #openSessionExchanges(): SessionExchanges {
    this.#sessionExchanges ??= new SessionExchanges(this.#host, this);
    return this.#sessionExchanges;
  }

  /** A handler has settled: acknowledges the message and handles the next one. */
  #settled(message: Message): void {
    if (this.machine.done !== null) return;
    this.machine.consumed(message);
    this.#handleWaiting();
  }

  #handleWaiting(): void {
    const waiting = this.#waiting ?? [];
    // Each message is removed before it is handled, so that `recall` can take back the rest at any moment.
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (this.machine.done !== null) return;
      waiting.shift();
      if (this.#handle(next)) return;
    }
    this.#waiting = null;
  }

  /** Calls a handler. If it fails, now or later, the session ends. */
  #call(call: () => unknown): void {
    callGuarded(call, (error) => this.#host.onHandlerFailed(this, error));
  }
}
