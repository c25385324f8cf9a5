// Longer than 300 lines, because rooms, entering and recovery share the sockets of the namespace.
import { randomBytes } from 'node:crypto';
import type { Claims, WireServer } from '@everywire/server';
import {
  callGuarded,
  errorLocation,
  type GatewayHost,
  type GatewayMember,
  GatewayTopics,
} from '@everywire/server/internal';
import type { SocketIoGatewayOptions, SocketIoHandshake } from '../options.js';
import type { SocketIoMiddleware, SocketIoSocket } from '../socket-io.js';
import { AwaySocket, type AwaySockets, type AwayState } from './away-sockets.js';
import { Broadcast, type BroadcastNamespace, type BroadcastTarget } from './broadcast.js';
import { passMiddlewares } from './middlewares.js';
import type { Offsets } from './offsets.js';
import { type OutgoingEvent, outgoingOf, outgoingOfJson } from './outgoing-event.js';
import { checkEventName } from './reserved.js';
import { SentLog } from './sent-log.js';
import { type Recovered, Socket, type SocketClient, type SocketNamespace } from './socket.js';
import { eventOf, mayHoldBytes, textOf } from './topic-text.js';

/** The shared context of the namespaces of one gateway. */
export interface NamespaceHost {
  readonly gateway: GatewayHost;
  readonly wire: WireServer;
  readonly tokenOf: NonNullable<SocketIoGatewayOptions['tokenOf']>;
  /** Milliseconds that a client may be away and still recover its connection; `null` if recovery is disabled. */
  readonly recoveryMs: number | null;
  readonly awaySockets: AwaySockets;
  /** Counts sent packets for recovery. */
  readonly offsets: Offsets;
}

/** The event that is being published. */
interface Emission {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly skipped: Set<object> | null;
  /** The encoded packet. Created for the first recipient. */
  packet: OutgoingEvent | null;
}

/** The namespaces that clients may enter, by name. */
export type Namespaces = ReadonlyMap<string, Namespace>;

/** The prefix of topics that are not rooms of the namespace `/`. */
const OWN_TOPICS = 'socket.io:';
const ID_BYTES = 15;

/** One Socket.IO namespace. Its rooms are topics of the wire server. A room of `/` has the same name as its topic. */
export class Namespace implements BroadcastNamespace, SocketNamespace {
  readonly name: string;
  readonly sockets: Map<string, Socket> = new Map();
  readonly #host: NamespaceHost;
  readonly #topics: GatewayTopics<OutgoingEvent>;
  /** The sockets that are away, by recovery id, which their clients know. */
  readonly #awayByRecoveryId: Map<string, AwaySocket> = new Map();
  /** The sockets that are away, by socket id. */
  readonly #awayById: Map<string, AwaySocket> = new Map();
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

  broadcastOf(target: BroadcastTarget): Broadcast {
    return new Broadcast(this, target);
  }

  publish(target: BroadcastTarget, event: string, values: readonly unknown[]): void {
    const { rooms, except, sender } = target;
    checkEventName(event);
    const named = [event, ...values];
    const before = this.#emission;
    const isSimple = rooms.length <= 1 && except.length === 0;
    const skipped = isSimple ? null : new Set(except.flatMap((room) => this.#membersOf(room)));
    const emission: Emission = { text: textOf(named), values: named, skipped, packet: null };
    const how = sender === undefined ? { class: target.topicClass } : { class: target.topicClass, except: sender };
    this.#emission = emission;
    // A publication may end connections whose handlers publish in turn, so the previous emission is restored.
    try {
      if (rooms.length === 0) this.#host.wire.publish(this.#everyone, emission.text, how);
      for (const room of rooms.length > 1 ? new Set(rooms) : rooms) {
        const one = this.#oneBy(room);
        const topic = one === undefined ? this.#topicOf(room) : null;
        if (topic !== null) this.#host.wire.publish(topic, emission.text, how);
        else if (one !== undefined && one.serial !== sender?.serial)
          one.deliver(this.#packetOfEmission(emission), target.topicClass);
      }
    } finally {
      this.#emission = before;
    }
  }

  check(event: string, values: readonly unknown[]): void {
    checkEventName(event);
    textOf(values);
  }

  onFailed(error: unknown): void {
    this.#host.gateway.onNotice('handler_failed', `A callback of a broadcast failed: ${errorLocation(error)}`);
  }

  reached({ rooms, except, sender }: BroadcastTarget): readonly Socket[] {
    const members = rooms.length === 0 ? this.sockets.values() : rooms.flatMap((room) => this.#membersOf(room));
    const skipped = new Set(except.flatMap((room) => this.#membersOf(room)));
    const isReached = (member: GatewayMember<OutgoingEvent>): member is Socket =>
      member instanceof Socket && member.serial !== sender?.serial && !skipped.has(member);
    return [...new Set<GatewayMember<OutgoingEvent>>(members)].filter(isReached);
  }

  /** Creates an event for one socket. */
  eventOf(event: string, values: readonly unknown[]): OutgoingEvent {
    checkEventName(event);
    return this.#packet([event, ...values], null, null);
  }

  /** Converts a publication into a packet. A publication that this namespace makes itself need not be parsed. */
  #packetOf(data: string | Uint8Array): OutgoingEvent {
    if (this.#emission?.text === data) return this.#packetOfEmission(this.#emission);
    const { json, values } = eventOf(data);
    return this.#packet(values, json, null);
  }

  #packetOfEmission(emission: Emission): OutgoingEvent {
    const { text, values, skipped } = emission;
    emission.packet ??= this.#packet(values, mayHoldBytes(text) ? null : text, skipped);
    return emission.packet;
  }

  /** @param json the JSON of `values`; `null` if it is not written yet */
  #packet(values: readonly unknown[], json: string | null, skipped: Set<object> | null): OutgoingEvent {
    const { gateway, recoveryMs, offsets } = this.#host;
    const namespace = this.name;
    if (recoveryMs === null) {
      if (json !== null) return outgoingOfJson(gateway, json, { namespace, skipped });
      return outgoingOf(gateway, 'event', values, { namespace, skipped });
    }
    const offset = offsets.next();
    // As in Socket.IO, the client reads the offset from the last value.
    if (json !== null) {
      const suffix = `,${JSON.stringify(offsets.nameOf(offset))}]`;
      return outgoingOfJson(gateway, json.trimEnd().slice(0, -1) + suffix, { namespace, offset, skipped });
    }
    const named = [...values, offsets.nameOf(offset)];
    return outgoingOf(gateway, 'event', named, { namespace, offset, skipped });
  }

  // ---- rooms

  get #everyone(): string {
    return OWN_TOPICS + this.name;
  }

  /** Returns `null` for an invalid room name, or one that would be the topic of another namespace. */
  #topicOf(room: string): string | null {
    const isMain = this.name === '/';
    const topic = isMain ? room : `${this.#everyone}#${room}`;
    const { topicLengthMax } = this.#host.gateway.limits;
    return room === '' || topic.length > topicLengthMax || (isMain && room.startsWith(OWN_TOPICS)) ? null : topic;
  }

  /** Returns the socket whose id is the name of the room. */
  #oneBy(room: string): Socket | AwaySocket | undefined {
    return this.sockets.get(room) ?? this.#awayById.get(room);
  }

  #membersOf(room: string): readonly GatewayMember<OutgoingEvent>[] {
    const one = this.#oneBy(room);
    return one === undefined ? this.#topics.members(this.#topicOf(room) ?? '') : [one];
  }

  /** @throws WireError `topic_invalid`, `too_many_topics` */
  join(room: string, member: Socket, joined: number): void {
    const topic = this.#topicOf(room) ?? '';
    this.#host.gateway.checkTopic(topic, joined);
    this.#topics.join(topic, member);
  }

  leave(room: string, member: GatewayMember<OutgoingEvent>): void {
    this.#topics.leave(this.#topicOf(room) ?? '', member);
  }

  /** Removes a socket that has left. */
  remove(socket: Socket, rooms: readonly string[]): void {
    this.sockets.delete(socket.id);
    this.#leaveAll(socket, rooms);
  }

  #leaveAll(member: GatewayMember<OutgoingEvent>, rooms: readonly string[]): void {
    this.#topics.leave(this.#everyone, member);
    for (const room of rooms) this.leave(room, member);
  }

  // ---- entering

  /** Authenticates a client that wants to enter. */
  enter(client: SocketClient, auth: Readonly<Record<string, unknown>>): void {
    const { gateway, tokenOf } = this.#host;
    const { query, headers, origin, remoteAddress } = client.connection.facts;
    const handshake: SocketIoHandshake = { auth, query, headers, origin, address: remoteAddress };
    const id = randomBytes(ID_BYTES).toString('base64url');
    const socket = new Socket(gateway, this, client, id, handshake);
    client.enter(this.name, socket);
    gateway.admit(
      { token: tokenOf(handshake), origin, remoteAddress },
      {
        admitted: (claims) => {
          client.onAnswered();
          this.#onAdmitted(socket, claims);
        },
        refused: (code) => {
          client.onAnswered();
          socket.refuse(code);
        },
      },
    );
  }

  #onAdmitted(socket: Socket, claims: Claims): void {
    // If the client has left meanwhile, does nothing. A kept state then remains, so that the client may return later.
    if (!socket.entering) return;
    socket.claims = claims;
    this.#host.gateway.askPolicy(
      socket,
      () => ({ kind: 'join', topic: this.#everyone }),
      (answer) => (answer === true ? this.#onPermitted(socket) : socket.refuse(answer)),
    );
  }

  #onPermitted(socket: Socket): void {
    if (!socket.entering) return;
    const recovered = this.#recoveredOf(socket);
    if (recovered !== null) this.#connect(socket, recovered);
    else
      passMiddlewares(this.#host.gateway, this.#middlewares, socket).then(
        () => this.#connect(socket, null),
        (error: Error & { data?: unknown }) =>
          callGuarded(
            () => socket.refuse(error.message, error.data),
            (unreadable) => socket.onFailed(unreadable),
          ),
      );
  }

  /** Connects a permitted socket. If this fails, for example because it returns to too many rooms, only this socket ends. */
  #connect(socket: Socket, recovered: Recovered | null): void {
    callGuarded(
      () => this.#enter(socket, recovered),
      (error) => socket.onFailed(error),
    );
  }

  #enter(socket: Socket, recovered: Recovered | null): void {
    if (!socket.connect()) return;
    const { recoveryMs, gateway } = this.#host;
    if (recovered !== null) socket.succeed(recovered);
    else if (recoveryMs !== null)
      socket.recoverBy(randomBytes(ID_BYTES).toString('base64url'), new SentLog(gateway.limits.rawWaitingBytesMax));
    this.#topics.join(this.#everyone, socket);
    this.sockets.set(socket.id, socket);
    socket.rooms.add(socket.id);
    socket.greet();
    socket.join(recovered?.rooms ?? []);
    if (recovered !== null) socket.sendKept(recovered.missed);
    socket.joinWanted();
    for (const handler of this.#handlers) if (socket.connected) socket.connectedTo(handler);
  }

  // ---- recovery

  park(absent: AwayState): void {
    const { gateway, recoveryMs, awaySockets } = this.#host;
    if (recoveryMs === null || gateway.isClosing()) return;
    const away = new AwaySocket(awaySockets, absent, () => {
      this.#awayByRecoveryId.delete(absent.recoveryId);
      this.#awayById.delete(absent.id);
      this.#leaveAll(away, absent.rooms);
    });
    this.#awayByRecoveryId.set(absent.recoveryId, away);
    this.#awayById.set(absent.id, away);
    for (const topic of [this.#everyone, ...absent.rooms.map((room) => this.#topicOf(room) ?? '')])
      this.#topics.join(topic, away);
    awaySockets.add(away, recoveryMs);
  }

  /** Returns the state and missed packets of a returning client; `null` if it must start again. */
  #recoveredOf({ handshake: { auth }, claims }: Socket): Recovered | null {
    const { pid, offset: name } = auth;
    const away = typeof pid === 'string' ? this.#awayByRecoveryId.get(pid) : undefined;
    const offset = this.#host.offsets.parse(name);
    if (away === undefined || offset === null || away.absent.claims.subject !== claims.subject) return null;
    const missed = away.absent.log.after(offset);
    // From now on, publications go to the new socket.
    away.end();
    return missed === null ? null : { ...away.absent, missed };
  }
}
