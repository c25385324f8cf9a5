import { randomBytes } from 'node:crypto';
import type { Claims, WireServer } from '@everywire/server';
import { createDeadline, type GatewayHost, type GatewayMember, GatewayTopics } from '@everywire/server/internal';
import type { SocketIoGatewayOptions, SocketIoHandshake } from '../options.js';
import type {
  SocketIoBroadcast,
  SocketIoEmitter,
  SocketIoGateway,
  SocketIoMiddleware,
  SocketIoNamespace,
  SocketIoSocket,
} from '../socket-io.js';
import { type Outgoing, outgoingOf } from './outgoing.js';
import { type Absent, Parked } from './parked.js';
import { checkEventName } from './reserved.js';
import { SentLog } from './sent-log.js';
import { type Recovered, Socket, type SocketClient, type SocketNamespace } from './socket.js';
import { eventOf, textOf } from './topic-text.js';

/** What the namespaces of one gateway share. */
export interface NamespaceHost {
  readonly gateway: GatewayHost;
  readonly wire: WireServer;
  readonly tokenOf: NonNullable<SocketIoGatewayOptions['tokenOf']>;
  /** Milliseconds that a client may be away; `null` where none may come back. */
  readonly recoveryMs: number | null;
  /** Counts what is sent, where clients may come back. */
  readonly offsets: Offsets;
  of(name: string): SocketIoNamespace;
}

export interface Offsets {
  next(): number;
  /** As clients say it: no other gateway and no other run has one like it. */
  nameOf(offset: number): string;
  /** Returns `null` for one of another gateway or run. */
  parse(name: unknown): number | null;
}

/** By name: those that clients may enter. */
export type Namespaces = ReadonlyMap<string, Namespace>;

/** Topics of the gateway that are no rooms of the namespace `/` begin so. */
const OWN_TOPICS = 'socket.io:';
const ID_BYTES = 15;

/** One namespace. Its rooms are topics: those of `/` by the same name. */
export class Namespace implements SocketIoGateway, SocketNamespace {
  readonly name: string;
  readonly sockets: Map<string, Socket> = new Map();
  readonly #host: NamespaceHost;
  readonly #topics: GatewayTopics<Outgoing>;
  /** By the recovery id that their clients know. */
  readonly #parked: Map<string, Parked> = new Map();
  readonly #middlewares: SocketIoMiddleware[] = [];
  readonly #handlers: ((socket: SocketIoSocket) => unknown)[] = [];

  constructor(name: string, host: NamespaceHost) {
    this.name = name;
    this.#host = host;
    this.#topics = new GatewayTopics(host.gateway, (data) => this.#outgoing(eventOf(data)));
  }

  of(name: string): SocketIoNamespace {
    return this.#host.of(name);
  }

  use(middleware: SocketIoMiddleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  on(event: 'connection', handler: (socket: SocketIoSocket) => unknown): this {
    if (event !== 'connection') throw new TypeError(`on: a namespace has the event 'connection' alone`);
    this.#handlers.push(handler);
    return this;
  }

  // ---- emitting

  emit(event: string, ...values: unknown[]): boolean {
    return this.broadcastTo(null).emit(event, ...values);
  }

  get volatile(): SocketIoEmitter {
    return this.broadcastTo(null).volatile;
  }

  to(room: string): SocketIoBroadcast {
    return this.broadcastTo(room);
  }

  in(room: string): SocketIoBroadcast {
    return this.broadcastTo(room);
  }

  /** @param room `null`: everyone */
  broadcastTo(room: string | null, except?: Socket): SocketIoBroadcast {
    const emitAs = (topicClass: 'durable' | 'ephemeral', event: string, values: readonly unknown[]): boolean => {
      const one = room === null ? undefined : this.sockets.get(room);
      if (one === undefined) this.#publish(room, topicClass, [event, ...values], except);
      else if (one !== except) one.deliver(this.eventOf(event, values), topicClass);
      return true;
    };
    return {
      emit: (event, ...values) => emitAs('durable', event, values),
      volatile: { emit: (event, ...values) => emitAs('ephemeral', event, values) },
    };
  }

  #publish(
    room: string | null,
    topicClass: 'durable' | 'ephemeral',
    values: readonly [string, ...unknown[]],
    except: Socket | undefined,
  ): void {
    checkEventName(values[0]);
    const how = { class: topicClass, ...(except !== undefined && { except }) };
    this.#host.wire.publish(this.#topicOf(room), textOf(values), how);
  }

  /** An event for one socket. */
  eventOf(event: string, values: readonly unknown[]): Outgoing {
    checkEventName(event);
    return this.#outgoing([event, ...values]);
  }

  #outgoing(values: readonly unknown[]): Outgoing {
    const { gateway, recoveryMs, offsets } = this.#host;
    if (recoveryMs === null) return outgoingOf(gateway, 'event', { namespace: this.name, values });
    const offset = offsets.next();
    // As Socket.IO does: the client reads it off the last value.
    return outgoingOf(gateway, 'event', { namespace: this.name, values: [...values, offsets.nameOf(offset)], offset });
  }

  // ---- rooms

  #topicOf(room: string | null): string {
    if (room === null) return OWN_TOPICS + this.name;
    return this.name === '/' ? room : `${OWN_TOPICS}${this.name}#${room}`;
  }

  /** @throws WireError `topic_invalid`, `too_many_topics` */
  join(room: string, member: Socket, joined: number): void {
    const topic = this.#topicOf(room);
    const isTaken = this.name === '/' && topic.startsWith(OWN_TOPICS);
    this.#host.gateway.checkTopic(isTaken ? '' : topic, joined);
    this.#topics.join(topic, member);
  }

  leave(room: string, member: GatewayMember<Outgoing>): void {
    this.#topics.leave(this.#topicOf(room), member);
  }

  /** The socket has left. */
  remove(socket: Socket, rooms: readonly string[]): void {
    this.sockets.delete(socket.id);
    this.#leaveAll(socket, rooms);
  }

  #leaveAll(member: GatewayMember<Outgoing>, rooms: readonly string[]): void {
    for (const room of [null, ...rooms]) this.#topics.leave(this.#topicOf(room), member);
  }

  // ---- who comes

  /** Asks whether a client may enter. */
  enter(client: SocketClient, auth: Readonly<Record<string, unknown>>): Socket {
    const { gateway, tokenOf } = this.#host;
    const { query, headers, origin, remoteAddress } = client.connection.facts;
    const handshake: SocketIoHandshake = { auth, query, headers, origin, address: remoteAddress };
    const id = randomBytes(ID_BYTES).toString('base64url');
    const socket = new Socket(gateway, this, client, id, handshake);
    gateway.admit(
      { token: tokenOf(handshake), origin, remoteAddress },
      {
        admitted: (claims) => this.#onAdmitted(socket, claims),
        refused: (code) => socket.refuse(code),
      },
    );
    return socket;
  }

  #onAdmitted(socket: Socket, claims: Claims): void {
    socket.claims = claims;
    const recovered = this.#recoveredOf(socket);
    if (recovered !== null) this.#connect(socket, recovered);
    else
      this.#passMiddlewares(socket).then(
        () => this.#connect(socket, null),
        (error: Error & { data?: unknown }) => socket.refuse(error.message, error.data),
      );
  }

  async #passMiddlewares(socket: Socket): Promise<void> {
    for (const middleware of this.#middlewares) {
      await new Promise<void>((resolve, reject) => {
        const { wheel, limits } = this.#host.gateway;
        const late = createDeadline(() => reject(new Error('middleware has timed out')));
        wheel.schedule(late, limits.authenticateMs);
        const next = (error?: Error): void => {
          wheel.cancel(late);
          if (error) reject(error);
          else resolve();
        };
        // One that fails is refused without its message, which was written for nobody outside.
        const failed = (error: unknown): void => {
          socket.onFailed(error);
          next(new Error('internal'));
        };
        try {
          const result = middleware(socket, next);
          if (result instanceof Promise) result.catch(failed);
        } catch (error) {
          failed(error);
        }
      });
    }
  }

  #connect(socket: Socket, recovered: Recovered | null): void {
    if (!socket.connect()) return;
    this.#topics.join(this.#topicOf(null), socket);
    if (recovered !== null) socket.recover(recovered);
    else {
      const { recoveryMs, gateway } = this.#host;
      if (recoveryMs !== null)
        socket.recoverBy(randomBytes(ID_BYTES).toString('base64url'), new SentLog(gateway.limits.rawWaitingBytesMax));
      socket.greet();
    }
    this.sockets.set(socket.id, socket);
    socket.rooms.add(socket.id);
    for (const handler of this.#handlers) socket.run(handler);
  }

  // ---- who comes back

  park(absent: Absent): void {
    const { gateway, recoveryMs } = this.#host;
    if (recoveryMs === null || gateway.isClosing() || !gateway.hasRoom()) return;
    const parked = new Parked(gateway, absent, recoveryMs, () => {
      this.#parked.delete(absent.recoveryId);
      this.#leaveAll(parked, absent.rooms);
    });
    this.#parked.set(absent.recoveryId, parked);
    for (const room of [null, ...absent.rooms]) this.#topics.join(this.#topicOf(room), parked);
  }

  /** What a client that came back has missed; `null` where it begins again. */
  #recoveredOf({ handshake: { auth }, claims }: Socket): Recovered | null {
    const { pid, offset: name } = auth;
    const parked = typeof pid === 'string' ? this.#parked.get(pid) : undefined;
    const offset = this.#host.offsets.parse(name);
    if (parked === undefined || offset === null || parked.absent.claims.subject !== claims.subject) return null;
    const missed = parked.absent.log.after(offset);
    // What is published from here on goes to its new socket.
    parked.end();
    return missed === null ? null : { ...parked.absent, missed };
  }
}
