import { randomBytes } from 'node:crypto';
import type { Claims, WireServer } from '@everywire/server';
import { createDeadline, type GatewayHost, type GatewayMember, GatewayTopics } from '@everywire/server/internal';
import type { SocketIoGatewayOptions, SocketIoHandshake } from '../options.js';
import type { SocketIoMiddleware, SocketIoSocket } from '../socket-io.js';
import { Broadcast, type BroadcastNamespace, type Target } from './broadcast.js';
import { type Outgoing, outgoingOf, outgoingOfJson } from './outgoing.js';
import { type Absent, Parked } from './parked.js';
import { checkEventName } from './reserved.js';
import { SentLog } from './sent-log.js';
import { type Recovered, Socket, type SocketClient, type SocketNamespace } from './socket.js';
import { eventOf, mayHoldBytes, textOf } from './topic-text.js';

/** What the namespaces of one gateway share. */
export interface NamespaceHost {
  readonly gateway: GatewayHost;
  readonly wire: WireServer;
  readonly tokenOf: NonNullable<SocketIoGatewayOptions['tokenOf']>;
  /** Milliseconds that a client may be away; `null` where none may come back. */
  readonly recoveryMs: number | null;
  /** Counts what is sent, where clients may come back. */
  readonly offsets: Offsets;
}

export interface Offsets {
  next(): number;
  /** As clients say it: no other gateway and no other run has one like it. */
  nameOf(offset: number): string;
  /** Returns `null` for one of another gateway or run. */
  parse(name: unknown): number | null;
}

/** What is being published. */
interface Emission {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly skipped: Set<object> | null;
  /** Made for the first who is to hear it. */
  packet: Outgoing | null;
}

/** By name: those that clients may enter. */
export type Namespaces = ReadonlyMap<string, Namespace>;

/** Topics of the gateway that are no rooms of the namespace `/` begin so. */
const OWN_TOPICS = 'socket.io:';
const ID_BYTES = 15;

/** One namespace. Its rooms are topics: those of `/` by the same name. */
export class Namespace implements BroadcastNamespace, SocketNamespace {
  readonly name: string;
  readonly sockets: Map<string, Socket> = new Map();
  readonly #host: NamespaceHost;
  readonly #topics: GatewayTopics<Outgoing>;
  /** By the recovery id that their clients know. */
  readonly #parked: Map<string, Parked> = new Map();
  /** The same by their sockets' ids. */
  readonly #away: Map<string, Parked> = new Map();
  readonly #middlewares: SocketIoMiddleware[] = [];
  readonly #handlers: ((socket: SocketIoSocket) => unknown)[] = [];
  #emission: Emission | null = null;

  constructor(name: string, host: NamespaceHost) {
    this.name = name;
    this.#host = host;
    this.#topics = new GatewayTopics(host.gateway, (data) => this.#packetOf(data));
  }

  use(middleware: SocketIoMiddleware): void {
    this.#middlewares.push(middleware);
  }

  onConnection(handler: (socket: SocketIoSocket) => unknown): void {
    this.#handlers.push(handler);
  }

  // ---- emitting

  broadcastOf(target: Target): Broadcast {
    return new Broadcast(this, target);
  }

  publish(target: Target, event: string, values: readonly unknown[]): void {
    const { rooms, except, sender } = target;
    checkEventName(event);
    const named = [event, ...values];
    const before = this.#emission;
    const isSimple = rooms.length <= 1 && except.length === 0;
    const skipped = isSimple ? null : new Set(except.flatMap((room) => this.#membersOf(room)));
    const emission: Emission = { text: textOf(named), values: named, skipped, packet: null };
    const how = sender === undefined ? { class: target.topicClass } : { class: target.topicClass, except: sender };
    this.#emission = emission;
    // What is published may end sessions, whose handlers may publish.
    try {
      if (rooms.length === 0) this.#host.wire.publish(this.#topicOf(null), emission.text, how);
      for (const room of rooms) {
        const one = this.#oneBy(room);
        if (one === undefined) this.#host.wire.publish(this.#topicOf(room), emission.text, how);
        else if (one.serial !== sender?.serial) one.deliver(this.#packetOfEmission(emission), target.topicClass);
      }
    } finally {
      this.#emission = before;
    }
  }

  reached({ rooms, except, sender }: Target): readonly Socket[] {
    const members = rooms.length === 0 ? this.sockets.values() : rooms.flatMap((room) => this.#membersOf(room));
    const skipped = new Set(except.flatMap((room) => this.#membersOf(room)));
    const isReached = (member: GatewayMember<Outgoing>): member is Socket =>
      member instanceof Socket && member.serial !== sender?.serial && !skipped.has(member);
    return [...new Set<GatewayMember<Outgoing>>(members)].filter(isReached);
  }

  /** An event for one socket. */
  eventOf(event: string, values: readonly unknown[]): Outgoing {
    checkEventName(event);
    return this.#packet([event, ...values], null, null);
  }

  /** Puts what was published to a topic into a packet. What is published here need not be read. */
  #packetOf(data: string | Uint8Array): Outgoing {
    if (this.#emission?.text === data) return this.#packetOfEmission(this.#emission);
    const { json, values } = eventOf(data);
    return this.#packet(values, json, null);
  }

  #packetOfEmission(emission: Emission): Outgoing {
    const { text, values, skipped } = emission;
    emission.packet ??= this.#packet(values, mayHoldBytes(text) ? null : text, skipped);
    return emission.packet;
  }

  /** @param json the same as `values`; `null` where it is still to be written */
  #packet(values: readonly unknown[], json: string | null, skipped: Set<object> | null): Outgoing {
    const { gateway, recoveryMs, offsets } = this.#host;
    const namespace = this.name;
    if (recoveryMs === null) {
      if (json !== null) return outgoingOfJson(gateway, json, { namespace, skipped });
      return outgoingOf(gateway, 'event', values, { namespace, skipped });
    }
    const offset = offsets.next();
    // As Socket.IO does: the client reads it off the last value.
    const named = [...values, offsets.nameOf(offset)];
    return outgoingOf(gateway, 'event', named, { namespace, offset, skipped });
  }

  // ---- rooms

  #topicOf(room: string | null): string {
    if (room === null) return OWN_TOPICS + this.name;
    return this.name === '/' ? room : `${OWN_TOPICS}${this.name}#${room}`;
  }

  /** Who is in a room by its own id. */
  #oneBy(room: string): Socket | Parked | undefined {
    return this.sockets.get(room) ?? this.#away.get(room);
  }

  #membersOf(room: string): readonly GatewayMember<Outgoing>[] {
    const one = this.#oneBy(room);
    return one === undefined ? this.#topics.members(this.#topicOf(room)) : [one];
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
    // What is kept for it stays, so that it may come back once more.
    if (!socket.entering) return;
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
    for (const handler of this.#handlers) socket.connectedTo(handler);
  }

  // ---- who comes back

  park(absent: Absent): void {
    const { gateway, recoveryMs } = this.#host;
    if (recoveryMs === null || gateway.isClosing() || !gateway.hasRoom()) return;
    const parked = new Parked(gateway, absent, recoveryMs, () => {
      this.#parked.delete(absent.recoveryId);
      this.#away.delete(absent.id);
      this.#leaveAll(parked, absent.rooms);
    });
    this.#parked.set(absent.recoveryId, parked);
    this.#away.set(absent.id, parked);
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
