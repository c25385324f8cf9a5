import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerHead, wholeAnswer } from '../http/answer-text.js';
import { publicWriter, type SocketHandle, type SocketReader, type SocketWriter } from './socket-writer.js';

/**
 * Reads and writes a socket through the internal handle of `net.Socket`. Only this file knows the handle. It reads into one
 * buffer for all sockets and writes without the stream's bookkeeping (docs/decisions/0401 measures the savings). Node does not
 * document these parts, so their presence is checked at start; if one is missing, there is no direct writer.
 *
 * Three rules keep this writer consistent with the stream, which still owns the socket:
 * - Bytes are written to the handle only while no bytes wait in the stream. The handle keeps the order of all writes.
 * - The end and read errors are passed to the stream's own reader, and a failed write destroys the stream.
 * - `socket._handle` is `null` after `destroy`. Writes to a handle that was kept longer return an error and have no effect.
 */
export interface DirectSocketWriter extends SocketWriter {
  /** Returns whether the socket is a TCP socket of the known kind. */
  takes(socket: Socket): boolean;
  /**
   * Reads a connection of Node's HTTP server, in place of Node's HTTP parser. From then on the parser receives only the bytes given
   * to `pass`.
   *
   * @returns false if this is impossible, because another reader exists or the connection is paused
   */
  readInstead(socket: Socket, reader: SocketReader): boolean;
  /** Gives bytes to the stream as if it had read them. */
  pass(socket: Socket, bytes: Buffer): void;
  /**
   * Marks a connection as busy while an answer is due to a request that Node's server has not seen. Otherwise Node considers it
   * idle.
   */
  occupy(socket: Socket, occupied: boolean): void;
  /** Returns the peer's address; `undefined` if it is unknown. Unlike `socket.remoteAddress` it stores nothing in the socket. */
  peerAddress(socket: Socket): string | undefined;
  /** Returns the settings of the HTTP server of a connection; `null` if it has none. */
  serverOf(socket: Socket): ConnectionRules | null;
}

/** Settings of an `http.Server`. Milliseconds; 0 for no limit. */
export interface ConnectionRules {
  readonly listening: boolean;
  readonly timeout: number;
  readonly keepAliveTimeout: number;
  readonly maxRequestsPerSocket: number | null;
}

/** The internal handle of a TCP socket (`TCPWrap` in Node's sources). The methods return 0 or a negative error code. */
interface Handle {
  reading: boolean;
  onread: ((...parts: unknown[]) => unknown) | undefined;
  readonly writeQueueSize: number;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  readStop(): number;
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  writev(request: WriteRequest, parts: readonly Uint8Array[], allBuffers: true): number;
  writeLatin1String(request: WriteRequest, text: string): number;
  /** @returns an error code, or 0 after it has filled in `out` */
  getpeername(out: { address?: string }): number;
  [kReader]: SocketReader;
}

/** Identifies a write that did not finish immediately. After a finished write the object is reused. */
interface WriteRequest {
  oncomplete: (this: WriteRequest, status: number) => void;
  /** Keeps the bytes alive until the kernel has taken them. */
  everywireBytes: unknown;
  everywireSocket: Socket | null;
}

/** The undocumented parts of Node that the writer uses. */
interface Internals {
  readonly TCP: abstract new () => Handle;
  readonly WriteWrap: new () => WriteRequest;
  /** Node writes the results of the last read or write into this array, at the two indexes below. */
  readonly state: Readonly<Record<number, number>>;
  readonly readPlace: number;
  readonly asyncPlace: number;
}

/** The fields that Node's HTTP server keeps on a socket. */
interface Inside {
  readonly parser?: { readonly _consumed?: boolean } | null;
  readonly server?: ConnectionRules | null;
  readonly _unrefTimer?: () => void;
  _httpMessage: unknown;
}

/** Stands in for the response that Node's HTTP server waits for, with the fields that the server reads. */
const ANSWER_DUE: object = { finished: false, _headerSent: true, emit: () => false };

const kReader: unique symbol = Symbol('everywire reader');
const READ_BYTES = 64 << 10;

const METHODS = [
  ...(['useUserBuffer', 'readStart', 'readStop', 'getpeername'] as const),
  ...(['writeBuffer', 'writev', 'writeLatin1String'] as const),
] as const;

/** Returns Node's internal parts; `null` if one is missing or differs from the expected kind. */
function findInternals(): Internals | null {
  type Binding = Readonly<Record<string, unknown>>;
  const { binding } = process as unknown as { readonly binding?: (name: string) => Binding };
  try {
    const streams = binding?.call(process, 'stream_wrap');
    const TCP = binding?.call(process, 'tcp_wrap')['TCP'] as Internals['TCP'] | undefined;
    const WriteWrap = streams?.['WriteWrap'] as Internals['WriteWrap'] | undefined;
    const state = streams?.['streamBaseState'] as Internals['state'] | undefined;
    const [readPlace, asyncPlace] = [streams?.['kReadBytesOrError'], streams?.['kLastWriteWasAsync']];
    if (typeof TCP !== 'function' || typeof WriteWrap !== 'function' || state?.[Number(asyncPlace)] === undefined)
      return null;
    if (typeof readPlace !== 'number' || typeof asyncPlace !== 'number' || state[readPlace] === undefined) return null;
    if (!METHODS.every((name) => typeof TCP.prototype[name] === 'function')) return null;
    return { TCP, WriteWrap, state, readPlace, asyncPlace };
  } catch {
    // A policy may forbid the access; the public writer then serves all sockets.
    return null;
  }
}

function createDirectWriter({ TCP, WriteWrap, state, readPlace, asyncPlace }: Internals): DirectSocketWriter {
  /** One buffer serves all sockets of the process, because each read is processed before the next. */
  const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
  /** A finished request object, which the next write reuses. */
  let spare: WriteRequest | null = null;
  /** Node's own reader. It is the same for all sockets. */
  let streamRead: Handle['onread'];

  function onRead(this: Handle, ...parts: unknown[]): unknown {
    // Number of bytes read; 0 or an error code at the end, which the stream's own reader handles.
    const count = state[readPlace] as number;
    if (count <= 0) return streamRead?.apply(this, parts);
    this[kReader].onBytes(readBuffer, count);
    return undefined;
  }

  function onWritten(this: WriteRequest, status: number): void {
    const socket = this.everywireSocket;
    this.everywireBytes = null;
    this.everywireSocket = null;
    if (status < 0) socket?.destroy();
  }

  function takeRequest(): WriteRequest {
    const request = spare ?? new WriteWrap();
    if (spare === null) {
      request.oncomplete = onWritten;
      request.everywireBytes = null;
      request.everywireSocket = null;
    }
    spare = null;
    return request;
  }

  /** Handles the result of a write. Returns whether the kernel has taken all bytes, or the socket has failed. */
  function wrote(socket: Socket, request: WriteRequest, bytes: unknown, error: number): boolean {
    if (error !== 0) {
      socket.destroy();
      return true;
    }
    if (state[asyncPlace] === 0) {
      spare = request;
      return true;
    }
    request.everywireBytes = bytes;
    request.everywireSocket = socket;
    return false;
  }

  return {
    takes(socket: Socket): boolean {
      const handle = handleOf(socket);
      if (!(handle instanceof TCP)) return false;
      return streamRead === undefined || handle.onread === streamRead || handle.onread === onRead;
    },

    read(socket: Socket, reader: SocketReader): SocketHandle {
      const handle = handleOf(socket);
      if (handle === null) return null;
      streamRead ??= handle.onread;
      handle[kReader] = reader;
      handle.useUserBuffer(readBuffer);
      handle.onread = onRead;
      // Resume the stream, although no bytes pass through it, so that it reports the end immediately.
      socket.resume();
      handle.readStart();
      return this.socketHandleOf(socket);
    },

    // The caller may keep the handle: if no bytes wait in the stream now and only this writer writes, none will ever wait there.
    socketHandleOf: (socket: Socket): SocketHandle => (isIdle(socket) ? handleOf(socket) : null),

    readInstead(socket: Socket, reader: SocketReader): boolean {
      const { parser } = inside(socket);
      if (!parser || socket.listenerCount('data') !== 1 || socket.isPaused()) return false;
      // Node's parser may read the handle itself, without the stream (`_consumed`). Adding any other listener for bytes ends this,
      // even if the listener is removed again.
      if (parser._consumed) socket.on('data', ignore).removeListener('data', ignore);
      if (parser._consumed !== false) return false;
      this.read(socket, reader);
      return true;
    },

    pass(socket: Socket, bytes: Buffer): void {
      const handle = handleOf(socket);
      if (handle === null) return;
      inside(socket)._unrefTimer?.();
      if (socket.push(bytes) || socket.destroyed) return;
      // The stream is full. Stops reading as Node does; the stream starts it again when it wants more.
      handle.reading = false;
      handle.readStop();
    },

    hold: (socket: Socket): void => void handleOf(socket)?.readStop(),
    go: (socket: Socket): void => void handleOf(socket)?.readStart(),

    occupy(socket: Socket, occupied: boolean): void {
      inside(socket)._httpMessage = occupied ? ANSWER_DUE : null;
    },

    peerAddress(socket: Socket): string | undefined {
      const handle = handleOf(socket);
      const out: { address?: string } = {};
      return handle instanceof TCP && handle.getpeername(out) === 0 ? out.address : undefined;
    },

    serverOf: (socket: Socket): ConnectionRules | null => inside(socket).server ?? null,

    writeText(socket: Socket, text: string, socketHandle: SocketHandle = null): boolean {
      const handle = (socketHandle as Handle | null) ?? handleOf(socket);
      if (handle === null || (socketHandle === null && !isIdle(socket))) return publicWriter.writeText(socket, text);
      const request = takeRequest();
      return wrote(socket, request, text, handle.writeLatin1String(request, text));
    },

    write(socket: Socket, bytes: Uint8Array, socketHandle: SocketHandle = null): boolean {
      const handle = (socketHandle as Handle | null) ?? handleOf(socket);
      if (handle === null || (socketHandle === null && !isIdle(socket))) return publicWriter.write(socket, bytes);
      const request = takeRequest();
      return wrote(socket, request, bytes, handle.writeBuffer(request, bytes));
    },

    writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean {
      const handle = handleOf(socket);
      if (handle === null || !isIdle(socket)) return publicWriter.writeAll(socket, parts);
      const request = takeRequest();
      return wrote(socket, request, parts, handle.writev(request, parts, true));
    },

    waitingBytes: (socket: Socket): number => socket.writableLength + (handleOf(socket)?.writeQueueSize ?? 0),

    // Writes to the socket without the `ServerResponse`, which would double the cost. The event `finish` tells Node's server that the
    // answer has ended.
    answer(response: ServerResponse, headers: OutgoingHttpHeaders, body: string): void {
      const { socket } = response;
      const plain = response.shouldKeepAlive && !limitsRequests(socket) && response.listenerCount('finish') > 0;
      // If bytes wait already, Node must write the answer, because Node stops reading requests of a client that reads no answers.
      if (socket === null || !plain || this.waitingBytes(socket) > 0 || socket.writableEnded) {
        publicWriter.answer(response, headers, body);
        return;
      }
      this.writeText(socket, wholeAnswer(answerHead(200, headers, keepAliveMs(response)), body));
      response.emit('finish');
    },
  };
}

function keepAliveMs(response: ServerResponse): number {
  return (response as unknown as { readonly _keepAliveTimeout?: number })._keepAliveTimeout ?? 0;
}

/** Returns whether the HTTP server limits the requests of a connection. The response counts them when it writes its head. */
function limitsRequests(socket: Socket | null): boolean {
  return socket !== null && (inside(socket).server?.maxRequestsPerSocket ?? 0) > 0;
}

function inside(socket: Socket): Inside {
  return socket as unknown as Inside;
}

function ignore(): void {}

/** Returns whether no bytes wait in the stream and it will write none by itself. */
function isIdle(socket: Socket): boolean {
  return socket.writableLength === 0 && !socket.writableEnded;
}

function handleOf(socket: Socket): Handle | null {
  return (socket as unknown as { readonly _handle?: Handle | null })._handle ?? null;
}

const internals = findInternals();

/** The direct writer; `null` if this Node version lacks a needed part. */
export const directWriter: DirectSocketWriter | null = internals === null ? null : createDirectWriter(internals);
