import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { publicWay, type SocketReader, type SocketWay } from './socket-way.js';

/**
 * The one place that knows what lies under a `net.Socket`: its handle, which reads into one buffer for all sockets and writes
 * without the stream's bookkeeping (docs/decisions/0401 says what that saves). None of it is
 * documented by Node, so what is used is looked for at start, and where a piece is missing there is no direct way.
 *
 * Three things keep it right beside the stream, which still owns the socket:
 * - Bytes go by the handle only while none wait in the stream; the handle keeps the order of what it was given, by whomever.
 * - An end or an error of reading is handed to the stream's own reader, and a failed write destroys the stream.
 * - `socket._handle` is `null` from `destroy` on, so it is looked at each time and never kept.
 */
export interface DirectWay extends SocketWay {
  /** Whether it is a TCP socket of the kind that was looked at. */
  takes(socket: Socket): boolean;
}

interface Handle {
  onread: ((...parts: unknown[]) => unknown) | undefined;
  readonly writeQueueSize: number;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  writev(request: WriteRequest, parts: readonly Uint8Array[], allBuffers: true): number;
  writeLatin1String(request: WriteRequest, text: string): number;
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

const kReader: unique symbol = Symbol('everywire reader');
const READ_BYTES = 64 << 10;

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
    const methods = ['useUserBuffer', 'readStart', 'writeBuffer', 'writev', 'writeLatin1String'] as const;
    if (!methods.every((name) => typeof TCP.prototype[name] === 'function')) return null;
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
    this[kReader].onBytes(readBuffer.subarray(0, count));
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

    read(socket: Socket, reader: SocketReader): void {
      const handle = handleOf(socket);
      if (handle === null) return;
      streamRead ??= handle.onread;
      handle[kReader] = reader;
      handle.useUserBuffer(readBuffer);
      handle.onread = onRead;
      // The stream flows, though nothing comes by it: so it tells of the end at once.
      socket.resume();
      handle.readStart();
    },

    write(socket: Socket, bytes: Uint8Array): boolean {
      const handle = handleOf(socket);
      if (handle === null || socket.writableLength > 0 || socket.writableEnded) return publicWay.write(socket, bytes);
      const request = takeRequest();
      return wrote(socket, request, bytes, handle.writeBuffer(request, bytes));
    },

    writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean {
      const handle = handleOf(socket);
      if (handle === null || socket.writableLength > 0 || socket.writableEnded)
        return publicWay.writeAll(socket, parts);
      const request = takeRequest();
      return wrote(socket, request, parts, handle.writev(request, parts, true));
    },

    waitingBytes: (socket: Socket): number => socket.writableLength + (handleOf(socket)?.writeQueueSize ?? 0),

    // Past the response as well, whose own way costs as much again: `finish` is how Node's server learns that it has ended.
    answer(response: ServerResponse, headers: OutgoingHttpHeaders, body: string): void {
      const { socket } = response;
      const handle = socket === null ? null : handleOf(socket);
      const plain = response.shouldKeepAlive && !limitsRequests(socket) && response.listenerCount('finish') > 0;
      if (socket === null || handle === null || !plain || socket.writableLength > 0 || socket.writableEnded) {
        publicWay.answer(response, headers, body);
        return;
      }
      const request = takeRequest();
      const text = `${answerHead(headers, keepAliveMs(response))}content-length: ${body.length}\r\n\r\n${body}`;
      wrote(socket, request, text, handle.writeLatin1String(request, text));
      response.emit('finish');
    },
  };
}

/** The date changes once a second, and making it is dear. */
let dated: { readonly second: number; readonly line: string } = { second: 0, line: '' };

function answerHead(headers: OutgoingHttpHeaders, keepMs: number): string {
  const now = Date.now();
  const second = Math.floor(now / 1_000);
  if (dated.second !== second) dated = { second, line: `date: ${new Date(now).toUTCString()}\r\n` };
  let head = `HTTP/1.1 200 OK\r\n${dated.line}connection: keep-alive\r\n`;
  if (keepMs > 0) head += `keep-alive: timeout=${Math.floor(keepMs / 1_000)}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return head;
}

function keepAliveMs(response: ServerResponse): number {
  return (response as unknown as { readonly _keepAliveTimeout?: number })._keepAliveTimeout ?? 0;
}

/** Whether the http server counts the requests of a connection; the response does that as it writes its head. */
function limitsRequests(socket: Socket | null): boolean {
  const owner = socket as unknown as { readonly server?: { readonly maxRequestsPerSocket?: number } } | null;
  return (owner?.server?.maxRequestsPerSocket ?? 0) > 0;
}

function handleOf(socket: Socket): Handle | null {
  return (socket as unknown as { readonly _handle?: Handle | null })._handle ?? null;
}

const internals = findInternals();

/** `null` where this Node has not what it needs. */
export const directWay: DirectWay | null = internals === null ? null : createDirectWay(internals);
