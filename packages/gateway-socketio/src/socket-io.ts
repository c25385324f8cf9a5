import type { Claims } from '@everywire/server';
import type { SocketIoHandshake } from './options.js';

/**
 * Handles an event with its values, or `disconnect` and `disconnecting` with the reason. If the handler throws or
 * rejects, its socket is disconnected.
 */
export type SocketIoHandler = (...values: never[]) => unknown;

/** Emits events. */
export interface SocketIoEmitter {
  /**
   * Sends an event. Values must be representable in JSON and may contain bytes anywhere.
   *
   * @throws TypeError for a reserved name and for values that JSON cannot write, RangeError for values nested deeper
   * than 64 levels, WireError `message_too_big` for an event to a room
   */
  emit(event: string, ...values: unknown[]): boolean;
}

/**
 * Emits to all sockets of a namespace, or to those in at least one of the named rooms. Each socket gets the event once.
 */
export interface SocketIoBroadcast extends SocketIoEmitter {
  /** Adds the sockets of one or several rooms; a socket's id is a room too. */
  to(rooms: string | readonly string[]): SocketIoBroadcast;
  /** Same as `to`. */
  in(rooms: string | readonly string[]): SocketIoBroadcast;
  /** Excludes the sockets of one or several rooms. */
  except(rooms: string | readonly string[]): SocketIoBroadcast;
  /** Marks events as droppable for slow clients. */
  readonly volatile: SocketIoBroadcast;
  /** Limits the wait for acknowledgements to this many milliseconds. */
  timeout(ms: number): SocketIoBroadcast;
  /**
   * Like `SocketIoEmitter.emit`. If the last value is a function, only clients of this server node get the event. When
   * all have answered or the timeout is reached, the function is called with an error or `null`, and the received
   * answers.
   */
  emit(event: string, ...values: unknown[]): boolean;
  /**
   * Waits for the answers of all clients. If one is missing, rejects with an error whose `responses` are the received
   * answers.
   */
  emitWithAck(event: string, ...values: unknown[]): Promise<readonly unknown[]>;
  /** Returns the sockets connected to this node. */
  fetchSockets(): Promise<readonly SocketIoSocket[]>;
  /**
   * Joins the sockets connected to this node to rooms, like `SocketIoSocket.join`.
   *
   * @throws WireError `topic_invalid`, `too_many_topics`
   */
  socketsJoin(rooms: string | readonly string[]): void;
  socketsLeave(rooms: string | readonly string[]): void;
  /** Disconnects the sockets connected to this node, like `SocketIoSocket.disconnect`. */
  disconnectSockets(close?: boolean): void;
}

/** Emits droppable events: the `volatile` of a socket. */
export interface SocketIoVolatile extends SocketIoEmitter {
  readonly broadcast: SocketIoBroadcast;
  to(rooms: string | readonly string[]): SocketIoBroadcast;
}

/** Emits with a timeout for answers. */
export interface SocketIoTimeout {
  /** Like `SocketIoSocket.emit`, but the first value of the callback is an error or `null`. */
  emit(event: string, ...values: unknown[]): boolean;
  /** Waits for the answer. Rejects when the timeout is reached or the socket disconnects. */
  emitWithAck(event: string, ...values: unknown[]): Promise<unknown>;
}

/** One client in one namespace. Its members work like those of Socket.IO's `Socket` with the same name. */
export interface SocketIoSocket extends SocketIoEmitter {
  /** The id, which the client knows. It is also the name of a room that contains only this socket. */
  readonly id: string;
  /** A number unique in this process, below 0; safe in logs. `PublishOptions.except` takes the socket by it. */
  readonly serial: number;
  /** The result of `authenticate` of the wire server. */
  readonly claims: Claims;
  readonly handshake: SocketIoHandshake;
  readonly connected: boolean;
  /** Whether the connection was recovered, with all missed packets. */
  readonly recovered: boolean;
  readonly transport: 'polling' | 'websocket';
  readonly rooms: ReadonlySet<string>;
  /** Data of the application; kept for recovery. */
  data: Record<string, unknown>;
  /** Marks events as droppable when the client is slow. */
  readonly volatile: SocketIoVolatile;
  /** Emits to all sockets of the namespace except this one. */
  readonly broadcast: SocketIoBroadcast;

  on(event: string, handler: SocketIoHandler): this;
  once(event: string, handler: SocketIoHandler): this;
  off(event: string, handler: SocketIoHandler): this;
  removeAllListeners(event?: string): this;
  /** Called with the name and the values of every event, before its handlers. */
  onAny(handler: (event: string, ...values: never[]) => unknown): this;
  /** Removes a handler; without an argument, all handlers. */
  offAny(handler?: (event: string, ...values: never[]) => unknown): this;
  /** Runs before the handlers of every event. */
  use(middleware: SocketIoEventMiddleware): this;
  /** Like `SocketIoEmitter.emit`; if the last value is a function, it is called with the client's answer. */
  emit(event: string, ...values: unknown[]): boolean;
  /** Waits for the client's answer. Rejects if the socket disconnects before. */
  emitWithAck(event: string, ...values: unknown[]): Promise<unknown>;
  /** Emits the event `message`. */
  send(...values: unknown[]): this;
  timeout(ms: number): SocketIoTimeout;
  /** @throws WireError `topic_invalid`, `too_many_topics` */
  join(rooms: string | readonly string[]): void;
  leave(room: string): void;
  /** Emits to the other sockets in these rooms, or to the socket with this id. */
  to(rooms: string | readonly string[]): SocketIoBroadcast;
  /** Same as `to`. */
  in(rooms: string | readonly string[]): SocketIoBroadcast;
  /** Emits to the other sockets that are not in these rooms. */
  except(rooms: string | readonly string[]): SocketIoBroadcast;
  /**
   * Disconnects the socket.
   *
   * @param close whether to end the connection too, with the client's sockets in other namespaces
   */
  disconnect(close?: boolean): this;
}

/**
 * Called before a socket is connected. Calling `next` with an error rejects the socket: its client gets `connect_error`
 * with the error's message and `data`.
 */
export type SocketIoMiddleware = (socket: SocketIoSocket, next: (error?: Error) => void) => unknown;

/**
 * Called with the name and the values of an event before its handlers. Calling `next` with an error skips the handlers
 * and emits the socket's event `error`.
 */
export type SocketIoEventMiddleware = (event: unknown[], next: (error?: Error) => void) => unknown;

/** One namespace. */
export interface SocketIoNamespace extends SocketIoBroadcast {
  readonly name: string;
  /** The sockets connected to this node, by id. */
  readonly sockets: ReadonlyMap<string, SocketIoSocket>;
  use(middleware: SocketIoMiddleware): this;
  /** `connect` is an alias of `connection`. */
  on(event: 'connection' | 'connect', handler: (socket: SocketIoSocket) => unknown): this;
}

/** The namespace `/`, with access to the others. */
export interface SocketIoGateway extends SocketIoBroadcast {
  /** The namespace `/`. */
  readonly sockets: SocketIoNamespace;
  /** Applies to the namespace `/`. */
  use(middleware: SocketIoMiddleware): this;
  /** Applies to the namespace `/`. `connect` is an alias of `connection`. */
  on(event: 'connection' | 'connect', handler: (socket: SocketIoSocket) => unknown): this;
  /**
   * Returns a namespace. Clients can enter it from then on.
   *
   * @throws TypeError for a name that does not begin with `/`
   */
  of(name: string): SocketIoNamespace;
}
