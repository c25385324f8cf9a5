import type { Claims } from '@everywire/server';
import type { GatewayHost } from '@everywire/server/internal';
import type { CloseReason, EngineConnection, EngineOwner } from '../engine/connection.js';
import { putIn } from './binary.js';
import type { Namespaces } from './namespace.js';
import { connectError, OutgoingEvent } from './outgoing-event.js';
import { type Packet, type PacketWithValues, parsePacket } from './packet.js';
import type { Socket, SocketClient } from './socket.js';

/** Maximum namespaces of one connection. */
const NAMESPACES_MAX = 16;
/**
 * The maximum number of pending requests of one connection to enter a namespace. Limited apart from the namespaces, because a
 * client may leave a namespace before the answer and ask again.
 */
const ASKING_MAX = NAMESPACES_MAX;
/** Maximum handlers of one connection that run at the same time. When reached, reading from the client pauses. */
const HANDLERS_MAX = 256;

/** A packet whose attachments are incomplete. */
interface Unfinished {
  readonly packet: PacketWithValues;
  readonly attachments: Uint8Array[];
  bytes: number;
}

/** One client: handles the packets of its connection and owns its sockets, one per namespace. */
export class Client implements EngineOwner, SocketClient {
  readonly connection: EngineConnection;
  readonly #host: GatewayHost;
  readonly #namespaces: Namespaces;
  readonly #packetBytesMax: number;
  readonly #sockets: Map<string, Socket> = new Map();
  #unfinished: Unfinished | null = null;
  /** Number of requests to enter a namespace that are pending. */
  #asking = 0;
  /** Number of running handlers. */
  #handling = 0;
  /** Resumes reading from the client; `null` while reading is not paused. */
  #onRoom: (() => void) | null = null;

  constructor(host: GatewayHost, namespaces: Namespaces, connection: EngineConnection, packetBytesMax: number) {
    this.#host = host;
    this.#namespaces = namespaces;
    this.connection = connection;
    this.#packetBytesMax = packetBytesMax;
  }

  send(packet: OutgoingEvent): void {
    this.connection.send(packet, 'durable');
  }

  enter(namespace: string, socket: Socket): void {
    this.#sockets.set(namespace, socket);
    this.#asking += 1;
  }

  onAnswered(): void {
    this.#asking -= 1;
  }

  withdraw(namespace: string): void {
    this.connection.withdraw((data) => 'namespace' in data && data.namespace === namespace);
  }

  leave(namespace: string, socket: Socket): void {
    if (this.#sockets.get(namespace) === socket) this.#sockets.delete(namespace);
  }

  /** Counts a running handler. */
  handle(handled: Promise<unknown>, onFailed: (error: unknown) => void): void {
    this.#handling += 1;
    handled.catch(onFailed).then(() => {
      this.#handling -= 1;
      if (this.#handling < HANDLERS_MAX) this.#onRoom?.();
    });
  }

  onMessage(data: string | Uint8Array): void | Promise<void> {
    if (data.length > this.#packetBytesMax) this.connection.close('parse error');
    else {
      const decided = typeof data === 'string' ? this.#onText(data) : this.#onBytes(data);
      if (decided !== undefined) return decided.then(() => this.#untilRoom());
    }
    return this.#untilRoom();
  }

  #untilRoom(): void | Promise<void> {
    if (this.#handling < HANDLERS_MAX) return undefined;
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }

  onPing(): void {
    for (const socket of this.#sockets.values()) socket.onPing();
  }

  onPong(): void {
    for (const socket of this.#sockets.values()) socket.onPong();
  }

  revoke(match: (claims: Claims) => boolean): number {
    return [...this.#sockets.values()].filter((socket) => socket.revoke(match)).length;
  }

  onClose(reason: CloseReason): void {
    this.#unfinished = null;
    this.#onRoom?.();
    for (const socket of [...this.#sockets.values()]) socket.onGone(reason);
  }

  #onText(text: string): void | Promise<void> {
    const packet = this.#unfinished === null ? parsePacket(text) : null;
    if (packet === null) this.connection.close('parse error');
    else if ('attachments' in packet && packet.attachments > 0)
      this.#unfinished = { packet, attachments: [], bytes: text.length };
    else return this.#onPacket(packet);
    return undefined;
  }

  #onBytes(bytes: Uint8Array): void | Promise<void> {
    const unfinished = this.#unfinished;
    if (unfinished === null) {
      this.connection.close('parse error');
      return undefined;
    }
    unfinished.attachments.push(bytes);
    unfinished.bytes += bytes.length;
    // Checks the sum, because each attachment is a separate message, to which the limit of messages applies alone.
    if (unfinished.bytes > this.#packetBytesMax) {
      this.connection.close('parse error');
      return undefined;
    }
    const { packet, attachments } = unfinished;
    if (attachments.length < packet.attachments) return undefined;
    this.#unfinished = null;
    const values = putIn(packet.values, attachments);
    if (values !== null) return this.#onPacket({ ...packet, values });
    this.connection.close('parse error');
    return undefined;
  }

  #onPacket(packet: Packet): void | Promise<void> {
    const { namespace } = packet;
    const socket = this.#sockets.get(namespace);
    if (packet.kind === 'connect') this.#connect(packet, socket);
    // Ignores a packet for a namespace from which the server has just disconnected the client, because the client could
    // not know that yet.
    else if (socket !== undefined) return socket.onPacket(packet);
    else if (!this.#namespaces.has(namespace)) this.connection.close('parse error');
    return undefined;
  }

  #connect({ namespace: name, auth }: Extract<Packet, { kind: 'connect' }>, socket: Socket | undefined): void {
    if (socket !== undefined) {
      this.connection.close('parse error');
      return;
    }
    const namespace = this.#namespaces.get(name);
    if (namespace === undefined) this.#refuse(name, 'Invalid namespace');
    else if (this.#sockets.size >= NAMESPACES_MAX || this.#asking >= ASKING_MAX)
      this.#refuse(name, 'Too many namespaces');
    else namespace.enter(this, auth);
  }

  #refuse(namespace: string, message: string): void {
    this.send(new OutgoingEvent(this.#host, connectError(namespace, message)));
  }
}
