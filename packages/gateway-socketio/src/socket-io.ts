import type { Claims } from '@everywire/server';
import type { SocketIoHandshake } from './options.js';

/** Of an event, or of `disconnect` and `disconnecting`, with the reason. One that throws or rejects disconnects its socket. */
export type SocketIoHandler = (...values: never[]) => unknown;

/** What emits events. */
export interface SocketIoEmitter {
  /**
   * Sends an event. Values are what JSON can write, and bytes anywhere among them.
   *
   * @throws TypeError for a reserved name and for values that JSON cannot write, RangeError for values nested deeper than 64 levels, WireError
   * `message_too_big` for an event to a room
   */
  emit(event: string, ...values: unknown[]): boolean;
}

/** An emitter to many: to everyone, or to those that are in at least one of its rooms; each hears it once. */
export interface SocketIoBroadcast extends SocketIoEmitter {
  /** To those in a room, or in each of several, as well; a socket's id is a room too. */
  to(rooms: string | readonly string[]): SocketIoBroadcast;
  /** As `to`. */
  in(rooms: string | readonly string[]): SocketIoBroadcast;
  /** Not to those in a room. */
  except(rooms: string | readonly string[]): SocketIoBroadcast;
  /** May be dropped for clients that take too little. */
  readonly volatile: SocketIoBroadcast;
  /** Ends the waiting for answers. */
  timeout(ms: number): SocketIoBroadcast;
  /**
   * As `SocketIoEmitter.emit`. Where the last value is a function, clients of this node alone hear the event; it is called with an error or `null` and the
   * answers that came, when all have answered or the time is over.
   */
  emit(event: string, ...values: unknown[]): boolean;
  /** Waits for the answers of all. Rejects with an error, whose `responses` are the answers that came, where one is missing. */
  emitWithAck(event: string, ...values: unknown[]): Promise<readonly unknown[]>;
  /** Those connected to this node. */
  fetchSockets(): Promise<readonly SocketIoSocket[]>;
  /** As `SocketIoSocket.join` of those connected to this node. @throws WireError `topic_invalid`, `too_many_topics` */
  socketsJoin(rooms: string | readonly string[]): void;
  socketsLeave(rooms: string | readonly string[]): void;
  /** As `SocketIoSocket.disconnect` of those connected to this node. */
  disconnectSockets(close?: boolean): void;
}

/** A socket's `volatile`. */
export interface SocketIoVolatile extends SocketIoEmitter {
  readonly broadcast: SocketIoBroadcast;
  to(rooms: string | readonly string[]): SocketIoBroadcast;
}

/** Emits with an end to the waiting. */
export interface SocketIoTimeout {
  /** As `SocketIoSocket.emit`; the callback's first value is an error or `null`. */
  emit(event: string, ...values: unknown[]): boolean;
  /** Rejects with an error when the time is over, or the socket disconnects. */
  emitWithAck(event: string, ...values: unknown[]): Promise<unknown>;
}

/** One client in one namespace. Its members are those of Socket.IO's `Socket` by the same name, where they are here. */
export interface SocketIoSocket extends SocketIoEmitter {
  /** Known to the client; it is also a room that this socket alone is in. */
  readonly id: string;
  /** A number unique in this process, below 0; safe in logs. `PublishOptions.except` takes the socket by it. */
  readonly serial: number;
  /** What `authenticate` of the wire server said. */
  readonly claims: Claims;
  readonly handshake: SocketIoHandshake;
  readonly connected: boolean;
  /** Whether it is one that came back, with everything it missed. */
  readonly recovered: boolean;
  readonly transport: 'polling' | 'websocket';
  readonly rooms: ReadonlySet<string>;
  /** The application's own; kept for a socket that comes back. */
  data: Record<string, unknown>;
  /** May be dropped where a client takes too little. */
  readonly volatile: SocketIoVolatile;
  /** Everyone in the namespace but this one. */
  readonly broadcast: SocketIoBroadcast;

  on(event: string, handler: SocketIoHandler): this;
  once(event: string, handler: SocketIoHandler): this;
  off(event: string, handler: SocketIoHandler): this;
  removeAllListeners(event?: string): this;
  /** Called with the name and the values of every event, before its handlers. */
  onAny(handler: (event: string, ...values: never[]) => unknown): this;
  /** Without a handler: all of them. */
  offAny(handler?: (event: string, ...values: never[]) => unknown): this;
  /** Runs before the handlers of every event. */
  use(middleware: SocketIoEventMiddleware): this;
  /** As `SocketIoEmitter.emit`; where the last value is a function, it is called with the client's answer. */
  emit(event: string, ...values: unknown[]): boolean;
  /** Waits for the client's answer. Rejects where the socket disconnects before. */
  emitWithAck(event: string, ...values: unknown[]): Promise<unknown>;
  /** Emits the event `message`. */
  send(...values: unknown[]): this;
  timeout(ms: number): SocketIoTimeout;
  /** @throws WireError `topic_invalid`, `too_many_topics` */
  join(rooms: string | readonly string[]): void;
  leave(room: string): void;
  /** The others in a room or in each of several, or the socket with this id. */
  to(rooms: string | readonly string[]): SocketIoBroadcast;
  /** As `to`. */
  in(rooms: string | readonly string[]): SocketIoBroadcast;
  /** The others that are not in a room. */
  except(rooms: string | readonly string[]): SocketIoBroadcast;
  /** @param close whether the connection ends too, with the client's sockets in other namespaces */
  disconnect(close?: boolean): this;
}

/** Runs before a socket is connected. Called with an error, `next` refuses it: the client hears `connect_error` with its message and `data`. */
export type SocketIoMiddleware = (socket: SocketIoSocket, next: (error?: Error) => void) => unknown;

/** Is given the name and the values of an event. Called with an error, `next` keeps it from its handlers: the socket's event `error` has it then. */
export type SocketIoEventMiddleware = (event: unknown[], next: (error?: Error) => void) => unknown;

/** One namespace. */
export interface SocketIoNamespace extends SocketIoBroadcast {
  readonly name: string;
  /** By their ids: those connected to this node. */
  readonly sockets: ReadonlyMap<string, SocketIoSocket>;
  use(middleware: SocketIoMiddleware): this;
  /** `connect` is `connection`. */
  on(event: 'connection' | 'connect', handler: (socket: SocketIoSocket) => unknown): this;
}

/** The namespace `/`, and a door to the others. */
export interface SocketIoGateway extends SocketIoBroadcast {
  /** The namespace `/`. */
  readonly sockets: SocketIoNamespace;
  /** Of the namespace `/`. */
  use(middleware: SocketIoMiddleware): this;
  /** Of the namespace `/`; `connect` is `connection`. */
  on(event: 'connection' | 'connect', handler: (socket: SocketIoSocket) => unknown): this;
  /** Returns a namespace; clients can enter it from then on. @throws TypeError for a name that does not begin with `/` */
  of(name: string): SocketIoNamespace;
}
