import type { Verdict } from '@everywire/protocol';
import {
  type Message,
  requestIn,
  type ServerSession,
  type ServerSessionIo,
  type SessionRegistry,
  type TypedMessage,
} from '@everywire/protocol/internal';
import type { WheelEntry } from '../tick-wheel.js';
import type { Topic, TopicMember } from '../topics/topic.js';
import { WireError } from '../wire-error.js';
import type { Claims, PublishOptions, RequestOptions, SendOptions, WireSession } from '../wire-session.js';
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
  onBegun(session: SessionShell): void;
  onConfirmed(session: SessionShell): void;
  onEnded(session: SessionShell): void;
  /** A handler threw, or its promise was rejected. */
  onHandlerFailed(session: SessionShell, error: unknown): void;
  /** A token that the client was asked for (SN-21). */
  onToken(session: SessionShell, token: string): void;
  /** The machine has ticked, and says when it wants to again. */
  onTicked(session: SessionShell): void;
}

const NO_TOPICS: readonly Topic[] = [];

/** One session as the application sees it, around the machine that keeps its promises. It holds no rule of its own. */
export class SessionShell implements WireSession, ServerSessionIo, TopicMember, WheelEntry {
  readonly serial: number;
  /** As last authenticated: a renewed token may bring others. */
  claims: Claims;
  onMessage: WireSession['onMessage'] = null;
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
  #desk: SessionDesk | null = null;
  /** Delivered while a handler's promise was pending: bounded by the window, as nothing of it is acknowledged (SN-6). */
  #waiting: Message[] | null = null;

  constructor(host: SessionHost, machine: ServerSession, serial: number, claims: Claims) {
    this.#host = host;
    this.machine = machine;
    this.serial = serial;
    this.claims = claims;
  }

  get transport(): string | null {
    return this.machine.transport;
  }

  get bufferedAmount(): number {
    this.#host.catchUp();
    return this.machine.bufferedAmount;
  }

  send(data: string | Uint8Array): boolean;
  send(data: string | Uint8Array, options: SendOptions): Promise<void>;
  send(data: string | Uint8Array, options?: SendOptions): boolean | Promise<void> {
    if (options !== undefined) return this.#openDesk().sendUntilSettled(data, options.signal);
    const { machine } = this;
    const message = this.#host.maker.make(data);
    let result = machine.send(message);
    if (result === 'full' && machine.squeeze()) result = machine.send(message);
    if (result === 'full') throw new WireError('buffer_full');
    return result === 'ok';
  }

  request(data: string | Uint8Array, options: RequestOptions = {}): Promise<string | Uint8Array> {
    return this.#openDesk().request(data, options);
  }

  join(topic: string, options?: { readonly info?: unknown }): void {
    this.#host.join(this, topic, options?.info);
  }

  leave(topic: string): void {
    this.#host.leave(this, topic);
  }

  async publish(topic: string, data: string | Uint8Array, options: PublishOptions = {}): Promise<void> {
    const answer = (await this.#host.policy?.(this, { kind: 'publish', topic, data })) ?? true;
    if (answer !== true) throw new WireError(answer);
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
    this.#host.onBegun(this);
    // Attached before anybody could listen: within the opening handshake (SN-40).
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
    const { onClose } = this;
    this.#release(verdict);
    if (onClose !== null) this.#guard(() => onClose(verdict));
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
    this.#transport = transport;
    this.#tellTransport(transport);
  }

  #tellTransport(transport: string | null): void {
    const { onTransport } = this;
    if (onTransport !== null) this.#guard(() => onTransport(transport));
  }

  onWheel(now: number): void {
    this.machine.tick(now);
    this.#host.onTicked(this);
  }

  // ---- one message at a time

  /** @returns whether its handler has not settled yet: the next one waits. */
  #handle(message: Message): boolean {
    let result: void | Promise<void>;
    try {
      result = message.typed || this.#host.policy ? this.#judge(message) : this.#tell(message);
    } catch (error) {
      this.#host.onHandlerFailed(this, error);
      return true;
    }
    // A handler in one line may return whatever `send` returned.
    if (typeof result?.then !== 'function') {
      this.machine.consumed(message);
      return false;
    }
    this.#waiting ??= [];
    result.then(
      () => this.#settled(message),
      (error: unknown) => this.#host.onHandlerFailed(this, error),
    );
    return true;
  }

  #tell(message: Message): void | Promise<void> {
    const { maker } = this.#host;
    const data = maker.dataOf(message);
    maker.beginHandling(message, data);
    try {
      return this.onMessage?.(data);
    } finally {
      maker.endHandling();
    }
  }

  /** What is typed, and what has to pass the policy (SN-32). */
  #judge(message: Message): void | Promise<void> {
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

  #judged(message: Message, answer: PolicyAnswer): void | Promise<void> {
    if (this.machine.done !== null) return undefined;
    if (!message.typed && answer === true) return this.#tell(message);
    const desk = this.#openDesk();
    if (!message.typed) return desk.refuse(this.machine.settled + 1, answer as string);
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
    const waiting = this.#waiting ?? [];
    // It is emptied from the front, so that what is left can be taken back at any moment.
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (this.machine.done !== null || this.#handle(next)) return;
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
