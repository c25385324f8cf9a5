import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerHead, wholeAnswer } from '../http/answer-text.js';
import { publicWay, type SocketGrip, type SocketReader, type SocketWay } from './socket-way.js';

/**
 * The one place that knows what lies under a `net.Socket`: its handle, which reads into one buffer for all sockets and writes
 * without the stream's bookkeeping (docs/decisions/0401 says what that saves). None of it is
 * documented by Node, so what is used is looked for at start, and where a piece is missing there is no direct way.
 *
 * Three things keep it right beside the stream, which still owns the socket:
 * - Bytes go by the handle only while none wait in the stream; the handle keeps the order of what it was given, by whomever.
 * - An end or an error of reading is handed to the stream's own reader, and a failed write destroys the stream.
 * - `socket._handle` is `null` from `destroy` on. Who keeps the handle beyond that, until the socket has closed, gets an error of
 *   each write, and nothing else happens.
 */
export interface DirectWay extends SocketWay {
  /** Whether it is a TCP socket of the kind that was looked at. */
  takes(socket: Socket): boolean;
  /**
   * Reads a connection of Node's http server instead of its parser, which hears only what is given to `pass`.
   *
   * @returns false if it cannot be had: somebody else reads it too, or it is paused.
   */
  readInstead(socket: Socket, reader: SocketReader): boolean;
  /** Gives the stream bytes as if it had read them. */
  pass(socket: Socket, bytes: Buffer): void;
  /** An answer is due on a connection whose request Node's server has not seen: it takes it for idle otherwise. */
  occupy(socket: Socket, occupied: boolean): void;
  /** `socket.remoteAddress`, which keeps what it found with the socket for as long as that lives; `undefined` where it has to be asked. */
  peerAddress(socket: Socket): string | undefined;
  /** What the http server of a connection allows its connections; `null` where it is none's. */
  serverOf(socket: Socket): ConnectionRules | null;
}

/** Settings of an `http.Server`. Milliseconds; 0 for no limit. */
export interface ConnectionRules {
  readonly listening: boolean;
  readonly timeout: number;
  readonly keepAliveTimeout: number;
  readonly maxRequestsPerSocket: number | null;
}

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
  /** @returns an error, or 0 after it has filled in what is asked for. */
  getpeername(out: { address?: string }): number;
  [kReader]: SocketReader;
}

/** What a write that did not end at once is known by; one that did gives it back for the next. */
interface WriteRequest {
  oncomplete: (this: WriteRequest, status: number) => void;
  /** Keeps the bytes alive while the kernel has not taken them. */
  everywireBytes: unknown;
  everywireSocket: Socket | null;
}

interface Internals {
  readonly TCP: abstract new () => Handle;
  readonly WriteWrap: new () => WriteRequest;
  /** What the last read or write came to, in the two places below. */
  readonly state: Readonly<Record<number, number>>;
  readonly readPlace: number;
  readonly asyncPlace: number;
}

/** What Node's http server keeps on a socket. */
interface Inside {
  readonly parser?: { readonly _consumed?: boolean } | null;
  readonly server?: ConnectionRules | null;
  readonly _unrefTimer?: () => void;
  _httpMessage: unknown;
}

/** In the place of the response that an http server waits for. */
const ANSWER_DUE: object = { finished: false, _headerSent: true, emit: () => false };

const kReader: unique symbol = Symbol('everywire reader');
const READ_BYTES = 64 << 10;

const METHODS = [
  ...(['useUserBuffer', 'readStart', 'readStop', 'getpeername'] as const),
  ...(['writeBuffer', 'writev', 'writeLatin1String'] as const),
] as const;

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
    // A policy may forbid it; nothing depends on it.
    return null;
  }
}

function createDirectWay({ TCP, WriteWrap, state, readPlace, asyncPlace }: Internals): DirectWay {
  /** Reads end before the next begins, so one buffer serves every socket of the process. */
  const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let spare: WriteRequest | null = null;
  /** Node's own reader, the same for every socket: kept once, as sockets are many. */
  let streamRead: Handle['onread'];

  function onRead(this: Handle, ...parts: unknown[]): unknown {
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

    read(socket: Socket, reader: SocketReader): SocketGrip {
      const handle = handleOf(socket);
      if (handle === null) return null;
      streamRead ??= handle.onread;
      handle[kReader] = reader;
      handle.useUserBuffer(readBuffer);
      handle.onread = onRead;
      // The stream flows, though nothing comes by it: so it tells of the end at once.
      socket.resume();
      handle.readStart();
      return this.gripOf(socket);
    },

    // Where nothing waits in the stream now and only this way writes to it, nothing comes to wait there.
    gripOf: (socket: Socket): SocketGrip => (isIdle(socket) ? handleOf(socket) : null),

    readInstead(socket: Socket, reader: SocketReader): boolean {
      const { parser } = inside(socket);
      if (!parser || socket.listenerCount('data') !== 1 || socket.isPaused()) return false;
      // Node's parser reads the handle itself only while nobody else listens for bytes, as the gate of requests does.
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
      // As Node does it: the stream starts it again when it wants more.
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

    writeText(socket: Socket, text: string, grip: SocketGrip = null): boolean {
      const handle = (grip as Handle | null) ?? handleOf(socket);
      if (handle === null || (grip === null && !isIdle(socket))) return publicWay.writeText(socket, text);
      const request = takeRequest();
      return wrote(socket, request, text, handle.writeLatin1String(request, text));
    },

    write(socket: Socket, bytes: Uint8Array, grip: SocketGrip = null): boolean {
      const handle = (grip as Handle | null) ?? handleOf(socket);
      if (handle === null || (grip === null && !isIdle(socket))) return publicWay.write(socket, bytes);
      const request = takeRequest();
      return wrote(socket, request, bytes, handle.writeBuffer(request, bytes));
    },

    writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean {
      const handle = handleOf(socket);
      if (handle === null || !isIdle(socket)) return publicWay.writeAll(socket, parts);
      const request = takeRequest();
      return wrote(socket, request, parts, handle.writev(request, parts, true));
    },

    waitingBytes: (socket: Socket): number => socket.writableLength + (handleOf(socket)?.writeQueueSize ?? 0),

    // Past the response as well, whose own way costs as much again: `finish` is how Node's server learns that it has ended.
    answer(response: ServerResponse, headers: OutgoingHttpHeaders, body: string): void {
      const { socket } = response;
      const plain = response.shouldKeepAlive && !limitsRequests(socket) && response.listenerCount('finish') > 0;
      // Where an answer waits already, Node counts what comes behind it, and stops reading for a client that takes nothing.
      if (socket === null || !plain || this.waitingBytes(socket) > 0 || socket.writableEnded) {
        publicWay.answer(response, headers, body);
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

/** Whether the http server counts the requests of a connection; the response does that as it writes its head. */
function limitsRequests(socket: Socket | null): boolean {
  return socket !== null && (inside(socket).server?.maxRequestsPerSocket ?? 0) > 0;
}

function inside(socket: Socket): Inside {
  return socket as unknown as Inside;
}

function ignore(): void {}

/** Nothing waits in the stream, nor will it take anything by itself. */
function isIdle(socket: Socket): boolean {
  return socket.writableLength === 0 && !socket.writableEnded;
}

function handleOf(socket: Socket): Handle | null {
  return (socket as unknown as { readonly _handle?: Handle | null })._handle ?? null;
}

const internals = findInternals();

/** `null` where this Node has not what it needs. */
export const directWay: DirectWay | null = internals === null ? null : createDirectWay(internals);
