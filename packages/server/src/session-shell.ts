import type { Verdict } from '@everywire/protocol';
import type { Message, ServerSession, ServerSessionIo } from '@everywire/protocol/internal';
import type { MessageMaker } from './message-maker.js';
import type { WheelEntry } from './tick-wheel.js';
import type { Topic, TopicMember } from './topic.js';
import { WireError } from './wire-error.js';
import type { Claims, WireSession } from './wire-session.js';

/** What a session needs of its server. One object serves all sessions. */
export interface SessionHost {
  readonly maker: MessageMaker;
  join(session: SessionShell, topic: string): void;
  leave(session: SessionShell, topic: string): void;
  onConfirmed(session: SessionShell): void;
  onEnded(session: SessionShell): void;
  /** A handler threw, or its promise was rejected. */
  onHandlerFailed(session: SessionShell, error: unknown): void;
  /** The machine has ticked, and says when it wants to again. */
  onTicked(session: SessionShell): void;
}

const NO_TOPICS: readonly Topic[] = [];

/** One session as the application sees it, around the machine that keeps its promises. It holds no rule of its own. */
export class SessionShell implements WireSession, ServerSessionIo, TopicMember, WheelEntry {
  readonly serial: number;
  readonly claims: Claims;
  onMessage: WireSession['onMessage'] = null;
  onClose: WireSession['onClose'] = null;
  onTransport: WireSession['onTransport'] = null;

  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;

  readonly machine: ServerSession;
  topics: readonly Topic[] = NO_TOPICS;
  dropped: Set<string> | null = null;
  readonly #host: SessionHost;
  #transport: string | null = null;
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
    return this.machine.bufferedAmount;
  }

  send(data: string | Uint8Array): boolean {
    const result = this.machine.send(this.#host.maker.make(data));
    if (result === 'full') throw new WireError('buffer_full');
    return result === 'ok';
  }

  join(topic: string): void {
    this.#host.join(this, topic);
  }

  leave(topic: string): void {
    this.#host.leave(this, topic);
  }

  close(): void {
    this.machine.close();
  }

  end(code: string): void {
    this.machine.fail(code);
  }

  // ---- what the machine says

  confirmed(): void {
    this.#host.onConfirmed(this);
  }

  deliver(message: Message): void {
    if (this.#waiting === null) this.#handle(message);
    else this.#waiting.push(message);
  }

  ended(verdict: Verdict): void {
    this.#waiting = null;
    this.#host.onEnded(this);
    const onClose = this.onClose;
    this.onMessage = null;
    this.onClose = null;
    this.onTransport = null;
    if (onClose !== null) this.#guard(() => onClose(verdict));
  }

  /** What was dropped of hint topics while it was full is told once, now that the topics are heard again (SN-23). */
  drain(): void {
    const { dropped } = this;
    this.dropped = null;
    if (dropped !== null) for (const topic of dropped) this.machine.reset(topic);
  }

  changed(): void {
    const { transport } = this.machine;
    if (transport === this.#transport) return;
    this.#transport = transport;
    const { onTransport } = this;
    if (onTransport !== null) this.#guard(() => onTransport(transport));
  }

  onWheel(now: number): void {
    this.machine.tick(now);
    this.#host.onTicked(this);
  }

  // ---- one message at a time

  #handle(message: Message): void {
    const { onMessage } = this;
    const { maker } = this.#host;
    let result: void | Promise<void>;
    const data = maker.dataOf(message);
    maker.beginHandling(message, data);
    try {
      result = onMessage?.(data);
    } catch (error) {
      this.#host.onHandlerFailed(this, error);
      return;
    } finally {
      maker.endHandling();
    }
    // A handler in one line may return whatever `send` returned.
    if (typeof result?.then !== 'function') {
      this.machine.consumed(message);
      return;
    }
    this.#waiting = [];
    result.then(
      () => this.#settled(message),
      (error: unknown) => this.#host.onHandlerFailed(this, error),
    );
  }

  /** The handler's promise settled: the acknowledgement may go, and the next message may be handled. */
  #settled(message: Message): void {
    if (this.machine.done !== null) return;
    this.machine.consumed(message);
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) return;
    for (const [at, next] of waiting.entries()) {
      if (this.machine.done !== null) return;
      this.#handle(next);
      // It waits again: what is left stays behind it, in order.
      if (this.#waiting !== null) {
        (this.#waiting as Message[]).push(...waiting.slice(at + 1));
        return;
      }
    }
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#host.onHandlerFailed(this, error);
    }
  }
}
