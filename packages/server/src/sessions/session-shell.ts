// Over 300 lines: what a session tells its application, and what waits until it may be told, are one state.
import { type Verdict, WireError } from '@everywire/protocol';
import {
  type Message,
  requestIn,
  type ServerSession,
  type ServerSessionIo,
  type SessionRegistry,
  type TypedMessage,
} from '@everywire/protocol/internal';
import { toData } from '../gathering/to-data.js';
import { refusal } from '../refusal.js';
import type { WheelEntry } from '../tick-wheel.js';
import type { Topic, TopicMember } from '../topics/topic.js';
import type { Claims, PublishOptions, RequestOptions, SendData, SendOptions, WireSession } from '../wire-session.js';
import { type Move, Moves } from './moves.js';
import type { Policy, PolicyAction, PolicyAnswer } from './policy.js';
import { type DeskHost, SessionDesk } from './session-desk.js';

/** What a session needs of its server. One object serves all sessions. */
export interface SessionHost extends DeskHost {
  readonly registry: SessionRegistry;
  readonly policy: Policy | undefined;
  now(): number;
  /** What was published is in every queue now. */
  catchUp(): void;
  join(session: SessionShell, topic: string, info: unknown): void;
  leave(session: SessionShell, topic: string): void;
  publish(topic: string, data: string | Uint8Array, options: PublishOptions): void;
  /** @returns settles, and never rejects, when an asynchronous `onSession` has settled */
  onBegun(session: SessionShell): Promise<void> | undefined;
  onConfirmed(session: SessionShell): void;
  onEnded(session: SessionShell): void;
  /** A message came, and nobody handles messages. */
  onNoMessageHandler(session: SessionShell): void;
  /** `onMessage`, `onSession` or another handler threw, or its promise was rejected. */
  onHandlerFailed(session: SessionShell, error: unknown): void;
  /** A token that the client was asked for (SN-21). */
  onToken(session: SessionShell, token: string): void;
  /** The machine has ticked, and says when it wants to again. */
  onTicked(session: SessionShell): void;
}

const NO_TOPICS: readonly Topic[] = [];

/** The message was not handled, and waits for a handler. */
const HELD: unique symbol = Symbol('held');
type Handling = ReturnType<NonNullable<WireSession['onMessage']>> | typeof HELD | Promise<unknown>;

/** One session as the application sees it, around the machine that keeps its promises. It holds no rule of its own. */
export class SessionShell implements WireSession, ServerSessionIo, TopicMember, WheelEntry {
  readonly serial: number;
  /** As last authenticated: a renewed token may bring others. */
  claims: Claims;
  onClose: WireSession['onClose'] = null;
  onTransport: WireSession['onTransport'] = null;
  onRequest: WireSession['onRequest'] = null;
  onDrain: WireSession['onDrain'] = null;

  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;

  readonly machine: ServerSession;
  topics: readonly Topic[] = NO_TOPICS;
  dropped: Set<string> | null = null;
  readonly #host: SessionHost;
  #transport: string | null = null;
  /** The transport it was first written to. */
  #began: string | null = null;
  #moves: Moves | null = null;
  #desk: SessionDesk | null = null;
  #onMessage: WireSession['onMessage'] = null;
  /**
   * Delivered while `onSession` or a handler's promise was pending, or behind a message that has no handler: bounded by the window,
   * as nothing of it is acknowledged (SN-6).
   */
  #waiting: Message[] | null = null;
  /** The first of `#waiting` has no handler. */
  #unhandled = false;
  /** `onSession` has not settled; then, where the session has ended meanwhile, how. */
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
    // Not from inside the assignment: the lines behind it may set more.
    if (this.#unhandled && handler !== null) queueMicrotask(() => this.#resume());
  }

  get bufferedAmount(): number {
    this.#host.catchUp();
    return this.machine.ledger.outgoing.bufferedAmount;
  }

  send(data: SendData): boolean;
  send(data: SendData, options: SendOptions): Promise<void>;
  send(data: SendData, options?: SendOptions): boolean | Promise<void> {
    if (options !== undefined) return this.#openDesk().sendUntilSettled(data, options.signal);
    const { machine } = this;
    const message = this.#host.maker.make(toData(data, 'send'));
    let result = machine.send(message);
    if (result === 'full' && machine.squeeze()) result = machine.send(message);
    if (result === 'full') throw refusal('buffer_full');
    return result === 'ok';
  }

  request(data: SendData, options: RequestOptions = {}): Promise<string | Uint8Array> {
    return this.#openDesk().request(data, options);
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

  // ---- what the machine says

  begun(): void {
    const opening = this.#host.onBegun(this);
    if (opening === undefined) {
      this.#tellFirstTransport();
      return;
    }
    this.#opening = true;
    this.#waiting = [];
    opening.then(() => this.#opened());
  }

  /** `onSession` has settled. */
  #opened(): void {
    const verdict = this.#opening;
    this.#opening = false;
    if (typeof verdict === 'object') this.#tellEnd(verdict);
    if (this.machine.done !== null) return;
    this.#tellFirstTransport();
    this.#handleWaiting();
  }

  /** Attached before anybody could listen: within the opening handshake (SN-40), or while `onSession` was pending. */
  #tellFirstTransport(): void {
    if (this.#transport !== null) this.#tellTransport(this.#transport);
  }

  confirmed(): void {
    this.#host.onConfirmed(this);
  }

  deliver(message: Message): void {
    if (this.#waiting === null) this.#handle(message);
    else this.#waiting.push(message);
  }

  recall(): readonly Message[] {
    return this.#waiting?.splice(0) ?? [];
  }

  token(token: string): void {
    this.#host.onToken(this, token);
  }

  /** The id goes with the token: one that leaked with it is worth nothing any more. */
  onRenewed(claims: Claims, expiresAt: number): void {
    if (this.machine.done !== null) return;
    this.claims = claims;
    this.machine.renew(expiresAt, this.#host.now());
    this.rotate();
  }

  ended(verdict: Verdict): void {
    if (this.#opening === true && this.onClose === null) this.#opening = verdict;
    this.#tellEnd(verdict);
  }

  #tellEnd(verdict: Verdict): void {
    const { onClose } = this;
    this.#release(verdict);
    if (onClose !== null) this.#guard(() => onClose(verdict));
  }

  /** `onSession` has not settled. */
  get isOpening(): boolean {
    return this.#opening !== false;
  }

  /** The client waits for a reply. */
  get isReplying(): boolean {
    return this.#desk?.isReplying === true;
  }

  /** How many requests were made of the client. */
  get asked(): number {
    return this.#desk?.asked ?? 0;
  }

  /** @param asked requests were made of the client before another process went on with it (SN-24) */
  askedBefore(asked: number): void {
    if (asked > 0) this.#desk = new SessionDesk(this.#host, this, asked);
  }

  giveUpReplies(): void {
    this.#desk?.giveUpReplies();
  }

  /** Another node goes on with it: forgotten here, which is no end. Who waits for what only that one will hear is told so (SN-24). */
  moved(): void {
    this.machine.moved(this.#host.now());
    const { done } = this.machine;
    if (done?.code === 'moved') this.#release(done);
  }

  #release(verdict: Verdict): void {
    this.#waiting = null;
    this.#host.onEnded(this);
    this.onMessage = this.onClose = this.onTransport = this.onRequest = this.onDrain = null;
    this.#desk?.ended(verdict);
  }

  /** What was dropped of hint topics while it was full is told once, now that the topics are heard again (SN-23). */
  drain(): void {
    const { dropped } = this;
    this.dropped = null;
    if (dropped !== null) for (const topic of dropped) this.machine.reset(topic);
    const { onDrain } = this;
    if (onDrain !== null) this.#guard(onDrain);
  }

  renumbered(removed: readonly number[]): void {
    this.#desk?.moved(removed);
  }

  counted(): void {
    this.#desk?.counted();
  }

  changed(): void {
    const { transport } = this.machine;
    if (transport === this.#transport) return;
    if (transport !== null) this.#moved(transport);
    this.#transport = transport;
    if (this.#opening === false) this.#tellTransport(transport);
  }

  tried(tried: string): void {
    this.#moves ??= new Moves(this.#began);
    this.#moves.tried(tried);
  }

  get moves(): readonly Move[] {
    return this.#moves?.all ?? [];
  }

  /** A session that stays where it began, which is almost every one, keeps no list. */
  #moved(to: string): void {
    if (this.#began === null) this.#began = to;
    if (this.#moves === null && to !== this.#began) this.#moves = new Moves(this.#began);
    this.#moves?.to(to);
  }

  #tellTransport(transport: string | null): void {
    const { onTransport } = this;
    if (onTransport !== null) this.#guard(() => onTransport(transport));
  }

  onWheel(now: number): void {
    try {
      this.machine.tick(now);
    } catch (error) {
      this.machine.broke(error);
    }
    this.#host.onTicked(this);
  }

  // ---- one message at a time

  /** Nobody handles it, so it waits, in front of the others: to settle it would say that somebody has. */
  #hold(message: Message): typeof HELD {
    this.#waiting ??= [];
    this.#waiting.unshift(message);
    this.#unhandled = true;
    this.#host.onNoMessageHandler(this);
    return HELD;
  }

  /** There is a handler for what waited for one. */
  #resume(): void {
    if (!this.#unhandled || this.machine.done !== null) return;
    this.#unhandled = false;
    this.#handleWaiting();
  }

  /** @returns whether its handler has not settled yet: the next one waits. */
  #handle(message: Message): boolean {
    let result: Handling;
    try {
      result = message.typed || this.#host.policy ? this.#judge(message) : this.#tell(message);
    } catch (error) {
      this.#host.onHandlerFailed(this, error);
      return true;
    }
    if (result === HELD) return true;
    // A handler in one line may return whatever `send` returned.
    if (typeof result?.then !== 'function') {
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

  #tell(message: Message): Handling {
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

  /** What is typed, and what has to pass the policy (SN-32). */
  #judge(message: Message): Handling {
    // Only who has said that it knows them may send typed messages (SN-19).
    if (message.typed && !this.machine.features.includes('typed')) {
      this.machine.fail('hostile');
      return undefined;
    }
    const action = this.#actionOf(message);
    const answer = action === null ? true : (this.#host.policy?.(this, action) ?? true);
    if (!(answer instanceof Promise)) return this.#judged(message, answer);
    return answer.then((late) => this.#judged(message, late));
  }

  /** What the policy is asked; `null` for what is no wish of the client's, such as a reply. */
  #actionOf(message: Message): PolicyAction | null {
    if (!message.typed) return { kind: 'message', data: this.#host.maker.dataOf(message) };
    const data = requestIn((message as TypedMessage).items);
    return data === null ? null : { kind: 'request', data };
  }

  #judged(message: Message, answer: PolicyAnswer): Handling {
    if (this.machine.done !== null) return undefined;
    if (!message.typed && answer === true) return this.#tell(message);
    const desk = this.#openDesk();
    if (!message.typed) return desk.refuse(this.machine.ledger.incoming.settled + 1, answer as string);
    const { items } = message as TypedMessage;
    if (answer === true) desk.take(items);
    else desk.refuseRequest(items, answer);
    return undefined;
  }

  #openDesk(): SessionDesk {
    this.#desk ??= new SessionDesk(this.#host, this);
    return this.#desk;
  }

  /** The handler's promise settled: the acknowledgement may go, and the next message may be handled. */
  #settled(message: Message): void {
    if (this.machine.done !== null) return;
    this.machine.consumed(message);
    this.#handleWaiting();
  }

  #handleWaiting(): void {
    const waiting = this.#waiting ?? [];
    // It is emptied from the front, so that what is left can be taken back at any moment.
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (this.machine.done !== null) return;
      waiting.shift();
      if (this.#handle(next)) return;
    }
    this.#waiting = null;
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#host.onHandlerFailed(this, error);
    }
  }
}
