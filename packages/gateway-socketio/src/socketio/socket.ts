// Longer than 300 lines, because input, output, rooms and end of a socket share one state.
import type { Claims, TopicClass } from '@everywire/server';
import {
  callGuarded,
  checkDuration,
  errorLocation,
  type GatewayHost,
  type GatewayMember,
  isThenable,
  type TimerEntry,
} from '@everywire/server/internal';
import type { CloseReason, EngineConnection } from '../engine/connection.js';
import type { SocketIoHandshake } from '../options.js';
import type {
  SocketIoEventMiddleware,
  SocketIoHandler,
  SocketIoSocket,
  SocketIoTimeout,
  SocketIoVolatile,
} from '../socket-io.js';
import { Acks } from './acks.js';
import type { AwayState } from './away-sockets.js';
import {
  type Broadcast,
  type BroadcastTarget,
  EVERYONE,
  listOf,
  type ReachedSocket,
  type Settle,
} from './broadcast.js';
import { type AnyHandler, Listeners } from './listeners.js';
import { connectError, namespacePart, OutgoingEvent, outgoingOf } from './outgoing-event.js';
import type { Packet } from './packet.js';
import { checkEventName } from './reserved.js';
import type { SentLog } from './sent-log.js';
import { actionOf } from './topic-text.js';

/** The operations of a client that its sockets need. */
export interface SocketClient {
  readonly connection: EngineConnection;
  send(packet: OutgoingEvent): void;
  /** Requests to enter a namespace. */
  enter(namespace: string, socket: Socket): void;
  /** Called when the request was answered, even if the socket has left. */
  onAnswered(): void;
  /** Drops the events of a namespace that wait for the next poll, because the client may no longer receive them. */
  withdraw(namespace: string): void;
  /** Called when the socket has left its namespace. */
  leave(namespace: string, socket: Socket): void;
  /** Counts a running handler. */
  handle(handled: Promise<unknown>, onFailed: (error: unknown) => void): void;
}

/** The operations of a namespace that its sockets need. */
export interface SocketNamespace {
  readonly name: string;
  broadcastOf(target: BroadcastTarget): Broadcast;
  /** @throws TypeError for a reserved name */
  eventOf(event: string, values: readonly unknown[]): OutgoingEvent;
  /** @param joined the number of rooms it has already joined. @throws WireError `topic_invalid`, `too_many_topics` */
  join(room: string, member: Socket, joined: number): void;
  leave(room: string, member: Socket): void;
  /** Keeps the socket's state so that its client may return. */
  park(absent: AwayState): void;
  /** Removes a socket that has left. */
  remove(socket: Socket, rooms: readonly string[]): void;
}

/** The state that a recovered socket takes over. */
export interface Recovered {
  readonly id: string;
  readonly recoveryId: string;
  readonly data: Record<string, unknown>;
  readonly rooms: readonly string[];
  readonly missed: readonly OutgoingEvent[];
  readonly log: SentLog;
}

/** Why a socket disconnected, in the terms of Socket.IO. */
export type DisconnectReason = CloseReason | 'client namespace disconnect' | 'server namespace disconnect';

const NO_CLAIMS: Claims = { subject: '' };

/**
 * One client in one namespace. Its states: `entering` until it is admitted; `connected`; `leaving` while the
 * application's handlers for its end run; `left`.
 */
export class Socket implements ReachedSocket, GatewayMember<OutgoingEvent>, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  id: string;
  readonly serial: number;
  claims: Claims = NO_CLAIMS;
  readonly handshake: SocketIoHandshake;
  recovered = false;
  data: Record<string, unknown> = {};
  readonly rooms: Set<string> = new Set();
  readonly #host: GatewayHost;
  readonly #namespace: SocketNamespace;
  readonly #client: SocketClient;
  readonly #listeners: Listeners;
  #acks: Acks | null = null;
  #state: 'entering' | 'connected' | 'leaving' | 'left' = 'entering';
  /** The rooms to join once the client is admitted. */
  #wanted: readonly string[] = [];
  /** The id by which the client returns after a lost connection; `null` if recovery is disabled. */
  #recoveryId: string | null = null;
  #log: SentLog | null = null;

  constructor(
    host: GatewayHost,
    namespace: SocketNamespace,
    client: SocketClient,
    id: string,
    handshake: SocketIoHandshake,
  ) {
    this.#host = host;
    this.#namespace = namespace;
    this.#client = client;
    this.id = id;
    this.handshake = handshake;
    this.serial = host.nextSerial();
    this.#listeners = new Listeners(this, (call) => this.#run(call));
  }

  /** Whether it is not decided yet if the client is admitted. */
  get entering(): boolean {
    return this.#state === 'entering';
  }

  get connected(): boolean {
    return this.#state === 'connected' || this.#state === 'leaving';
  }

  get transport(): 'polling' | 'websocket' {
    return this.#client.connection.transport;
  }

  // ---- in and out of the namespace

  refuse(message: string, data?: unknown): void {
    if (this.#state !== 'entering') return;
    this.#state = 'left';
    this.#client.send(new OutgoingEvent(this.#host, this.#refusalOf(message, data)));
    this.#client.leave(this.#namespace.name, this);
  }

  /** Returns the refusal without `data` if JSON cannot encode the data of the application. */
  #refusalOf(message: string, data: unknown): string {
    try {
      return connectError(this.#namespace.name, message, data);
    } catch (error) {
      this.#notice(error);
      return connectError(this.#namespace.name, message);
    }
  }

  /** Admits the client; returns `false` if it has left or been revoked in the meantime, or its claims have expired. */
  connect(): boolean {
    if (this.#isExpired) this.refuse('unauthorized');
    if (this.#state !== 'entering') return false;
    this.#state = 'connected';
    this.#client.connection.use();
    this.#watchExpiry();
    return true;
  }

  /** Enables recovery of the client. */
  recoverBy(recoveryId: string, log: SentLog): void {
    this.#recoveryId = recoveryId;
    this.#log = log;
  }

  /** Takes over the state of a socket that was away. */
  succeed({ id, data, recoveryId, log }: Recovered): void {
    this.id = id;
    this.data = data;
    this.recovered = true;
    this.recoverBy(recoveryId, log);
  }

  /** Sends the packets missed while the client was away. */
  sendKept(missed: readonly OutgoingEvent[]): void {
    this.#client.connection.sendKept(missed);
  }

  /** Joins the rooms that were requested before the admission. */
  joinWanted(): void {
    this.#run(() => this.join(this.#wanted));
  }

  /** Notifies the client that it is connected. */
  greet(): void {
    const facts = { sid: this.id, ...(this.#recoveryId !== null && { pid: this.#recoveryId }) };
    this.#client.send(new OutgoingEvent(this.#host, `0${namespacePart(this.#namespace.name)}${JSON.stringify(facts)}`));
  }

  disconnect(close = false): this {
    if (this.#state === 'connected') {
      this.#client.send(new OutgoingEvent(this.#host, `1${namespacePart(this.#namespace.name)}`));
      this.#leave('server namespace disconnect');
    } else this.refuse('disconnected');
    if (close) this.#client.connection.close('forced close');
    return this;
  }

  /** Ends or refuses the socket if its claims match. Returns whether they do. */
  revoke(match: (claims: Claims) => boolean): boolean {
    // Before the answer of `authenticate` there are no claims; the admission handles a revocation until then.
    if (this.claims === NO_CLAIMS || !match(this.claims)) return false;
    if (this.entering) this.refuse('unauthorized');
    else this.#expel();
    return true;
  }

  #expel(): void {
    this.#client.withdraw(this.#namespace.name);
    this.disconnect();
  }

  onGone(reason: CloseReason): void {
    this.#leave(reason);
  }

  onPing(): void {
    this.#log?.onPing();
  }

  onPong(): void {
    this.#log?.onPong();
  }

  #leave(reason: DisconnectReason): void {
    const wasConnected = this.#state === 'connected';
    if (this.#state === 'left' || this.#state === 'leaving') return;
    if (wasConnected) {
      this.#state = 'leaving';
      this.#listeners.call('disconnecting', [reason]);
    }
    this.#state = 'left';
    this.#host.wheel.cancel(this);
    this.#client.leave(this.#namespace.name, this);
    this.#acks?.fail();
    if (!wasConnected) return;
    const rooms = [...this.rooms].filter((room) => room !== this.id);
    const isOver = reason === 'client namespace disconnect' || reason === 'server namespace disconnect';
    if (this.#recoveryId !== null && this.#log !== null && !isOver) {
      const { id, claims, data, serial } = this;
      this.#namespace.park({ id, claims, data, serial, rooms, recoveryId: this.#recoveryId, log: this.#log });
    }
    this.#namespace.remove(this, rooms);
    this.rooms.clear();
    this.#listeners.call('disconnect', [reason]);
  }

  #watchExpiry(): void {
    const { expiresAt } = this.claims;
    if (expiresAt !== undefined) this.#host.wheel.schedule(this, Math.max(1, expiresAt - Date.now()));
  }

  get #isExpired(): boolean {
    return (this.claims.expiresAt ?? Number.POSITIVE_INFINITY) <= Date.now();
  }

  onTimer(): void {
    if (this.#isExpired) this.#expel();
    else this.#watchExpiry();
  }

  // ---- rooms

  join(rooms: string | readonly string[]): void {
    if (this.#state === 'entering') this.#wanted = [...this.#wanted, ...listOf(rooms)];
    if (this.#state !== 'connected') return;
    for (const room of listOf(rooms)) {
      if (this.rooms.has(room)) continue;
      this.#namespace.join(room, this, this.rooms.size);
      this.rooms.add(room);
    }
  }

  leave(name: string): void {
    const room = String(name);
    this.#wanted = this.#wanted.filter((other) => other !== room);
    if (room !== this.id && this.rooms.delete(room)) this.#namespace.leave(room, this);
  }

  #others(target: Partial<BroadcastTarget>): Broadcast {
    return this.#namespace.broadcastOf({ ...EVERYONE, sender: this, ...target });
  }

  to(rooms: string | readonly string[]): Broadcast {
    return this.#others({ rooms: listOf(rooms) });
  }

  in(rooms: string | readonly string[]): Broadcast {
    return this.to(rooms);
  }

  except(rooms: string | readonly string[]): Broadcast {
    return this.#others({ except: listOf(rooms) });
  }

  get broadcast(): Broadcast {
    return this.#others({});
  }

  // ---- events

  on(event: string, handler: SocketIoHandler): this {
    this.#listeners.on(event, handler);
    return this;
  }

  once(event: string, handler: SocketIoHandler): this {
    this.#listeners.once(event, handler);
    return this;
  }

  off(event: string, handler: SocketIoHandler): this {
    this.#listeners.off(event, handler);
    return this;
  }

  removeAllListeners(event?: string): this {
    this.#listeners.removeAll(event);
    return this;
  }

  onAny(handler: AnyHandler): this {
    this.#listeners.onAny(handler);
    return this;
  }

  offAny(handler?: AnyHandler): this {
    this.#listeners.offAny(handler);
    return this;
  }

  use(middleware: SocketIoEventMiddleware): this {
    this.#listeners.use(middleware);
    return this;
  }

  /** Handles a packet. Returns a promise if the policy decides later; the caller must then wait before the next packet. */
  onPacket(packet: Exclude<Packet, { kind: 'connect' }>): void | Promise<void> {
    if (packet.kind === 'event') return this.#onEvent(packet);
    if (packet.kind === 'disconnect') this.#leave('client namespace disconnect');
    // A client must not send before it is connected.
    else if (this.#state === 'entering') this.#client.connection.close('parse error');
    else this.#acks?.take(packet.id, packet.values);
    return undefined;
  }

  #onEvent({ id, values, attachments }: Extract<Packet, { kind: 'event' }>): void | Promise<void> {
    if (this.#state === 'entering') this.#client.connection.close('parse error');
    if (this.#state !== 'connected') return undefined;
    const answerOf = id === undefined ? null : this.#answerOf(id);
    return this.#host.askPolicy(
      this,
      () => actionOf(values, attachments),
      (answer) => {
        if (this.#state !== 'connected') return;
        if (answer === true) this.#passOn(answerOf === null ? values : [...values, answerOf]);
        // The answer to an event is the only way to report it to the client.
        else if (answerOf !== null) answerOf({ error: answer });
        else this.#host.onPolicyRefused(this, answer);
      },
    );
  }

  #passOn(event: readonly unknown[]): void {
    this.#listeners.pass([...event], ([name, ...values]) => {
      if (this.#state === 'connected') this.#listeners.callAll(name as string, values);
    });
  }

  #answerOf(id: number): (...values: unknown[]) => void {
    let isAnswered = false;
    return (...values) => {
      if (isAnswered || this.#state !== 'connected') return;
      isAnswered = true;
      this.#client.send(outgoingOf(this.#host, 'ack', values, { namespace: this.#namespace.name, id }));
    };
  }

  onFailed(error: unknown): void {
    this.#notice(error);
    this.disconnect();
  }

  #notice(error: unknown): void {
    this.#host.onNotice(
      'handler_failed',
      `A handler failed for Socket.IO socket ${this.serial}: ${errorLocation(error)}`,
    );
  }

  /** Runs a handler of the application; if it fails, disconnects the socket. */
  #run(call: () => unknown): void {
    try {
      const result = call();
      if (isThenable(result)) this.#client.handle(Promise.resolve(result), (error) => this.onFailed(error));
    } catch (error) {
      this.onFailed(error);
    }
  }

  connectedTo(handler: (socket: SocketIoSocket) => unknown): void {
    this.#run(() => handler(this));
  }

  // ---- emitting

  emit(event: string, ...values: unknown[]): boolean {
    return this.#emit(event, values, null);
  }

  get volatile(): SocketIoVolatile {
    return {
      emit: (event, ...values) => {
        this.deliver(this.#namespace.eventOf(event, values), 'ephemeral');
        return true;
      },
      broadcast: this.broadcast.volatile,
      to: (rooms) => this.to(rooms).volatile,
    };
  }

  send(...values: unknown[]): this {
    this.emit('message', ...values);
    return this;
  }

  emitWithAck(event: string, ...values: unknown[]): Promise<unknown> {
    return this.#request(event, values, null);
  }

  timeout(ms: number): SocketIoTimeout {
    checkDuration('timeout', ms);
    return {
      emit: (event, ...values) => this.#emit(event, values, ms),
      emitWithAck: (event, ...values) => this.#request(event, values, ms),
    };
  }

  deliver(packet: OutgoingEvent, topicClass: TopicClass): void {
    if (!this.connected || !packet.isFor(this)) return;
    if (topicClass !== 'ephemeral') this.#log?.add(packet);
    this.#client.connection.send(packet, topicClass);
  }

  #emit(event: string, values: unknown[], timeoutMs: number | null): boolean {
    const answered = values.at(-1);
    if (typeof answered !== 'function') {
      this.deliver(this.#namespace.eventOf(event, values), 'durable');
      return true;
    }
    // Without a timeout, the callback has no parameter for an error.
    this.ask(event, values.slice(0, -1), timeoutMs, (error, answer) => {
      if (timeoutMs !== null) return Reflect.apply(answered, this, [error, ...answer]);
      return error === null ? Reflect.apply(answered, this, answer) : undefined;
    });
    return true;
  }

  #request(event: string, values: readonly unknown[], timeoutMs: number | null): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.ask(event, values, timeoutMs, (error, [answer]) => (error === null ? resolve(answer) : reject(error)));
    });
  }

  /** Emits an event and waits for the answer. Such an event is not sent again to a recovered client. */
  ask(event: string, values: readonly unknown[], timeoutMs: number | null, settle: Settle): void {
    checkEventName(event);
    const done: Settle = (error, answer) =>
      callGuarded(
        () => settle(error, answer),
        (failure) => this.onFailed(failure),
      );
    if (this.#state !== 'connected') {
      done(new Error('socket has been disconnected'), []);
      return;
    }
    this.#acks ??= new Acks(this.#host);
    const id = this.#acks.wait(timeoutMs, done);
    try {
      this.#client.send(outgoingOf(this.#host, 'event', [event, ...values], { namespace: this.#namespace.name, id }));
    } catch (error) {
      this.#acks.forget(id);
      throw error;
    }
  }
}
