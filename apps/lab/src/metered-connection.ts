import { FrameFieldsReader } from './frame-fields.js';
import { type BodyKind, HttpReader } from './http-reader.js';
import { type LaneLog, previewOf } from './lane-log.js';
import { MESSAGE_MARK } from './reports.js';

/** The path prefix of the transport. Requests for other paths load the page of the lane, and are neither counted nor logged. */
const WIRE_PATH = '/everywire/';

/** The counters that all connections of a lane share. They only grow. */
export interface MeterCounts {
  requests: number;
  bytesUp: number;
  bytesDown: number;
  emptyAnswers: number;
}

/** A request and its answer. */
interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly isWire: boolean;
  /** Whether the answer contained a message so far. */
  hasMessage: boolean;
}

/** Parses both directions of one connection of a lane, counts its requests and bytes, and logs them. */
export class MeteredConnection {
  readonly #no: number;
  readonly #counts: MeterCounts;
  readonly #log: LaneLog;
  readonly #up: HttpReader;
  readonly #down: HttpReader;
  /** Requests without a complete answer, oldest first. */
  readonly #waiting: Exchange[] = [];
  /** The latest request, whose body may still arrive. */
  #current: Exchange | undefined;
  /** Parse WebSocket frames. An open WebSocket has both, a streaming answer that consists of frames has only the second. */
  #framesUp: FrameFieldsReader | undefined;
  #framesDown: FrameFieldsReader | undefined;

  constructor(no: number, counts: MeterCounts, log: LaneLog) {
    this.#no = no;
    this.#counts = counts;
    this.#log = log;
    this.#up = new HttpReader({
      onHead: (head, bytes) => this.#onRequest(head, bytes),
      onBody: (data, bytes) => this.#onRequestBody(data, bytes),
      onBodyEnd: () => undefined,
    });
    this.#down = new HttpReader({
      onHead: (head, bytes) => this.#onResponse(head, bytes),
      onBody: (data, bytes) => this.#onResponseBody(data, bytes),
      onBodyEnd: () => this.#onResponseEnd(),
    });
  }

  /** Whether a request of the transport is not completely answered. */
  get isHeld(): boolean {
    return this.#waiting.some(({ isWire }) => isWire);
  }

  /** Reads bytes from the browser. */
  onUp(piece: Buffer): void {
    this.#up.feed(piece);
  }

  /** Reads bytes from the server. */
  onDown(piece: Buffer): void {
    this.#down.feed(piece);
  }

  onEnd(): void {
    if (this.#current?.isWire) this.#log.add(this.#no, 'end', 'connection closed');
  }

  #onRequest(head: string, bytes: number): BodyKind {
    const [method = '', path = ''] = head.split(' ', 2);
    const isWire = path.startsWith(WIRE_PATH);
    this.#current = { method, path, isWire, hasMessage: false };
    this.#waiting.push(this.#current);
    if (isWire) {
      this.#counts.requests += 1;
      this.#counts.bytesUp += bytes;
      this.#log.add(this.#no, 'up', `${method} ${path}`, withoutSecrets(head));
    }
    if (/\r\nupgrade: *websocket/i.test(head)) this.#framesUp = new FrameFieldsReader();
    // If the server answers an Upgrade with 101, frames follow. Otherwise the browser sends nothing more.
    return this.#framesUp ? 'rest' : bodyOf(head, 0);
  }

  #onRequestBody(data: Uint8Array, bytes: number): void {
    if (!this.#current?.isWire) return;
    this.#counts.bytesUp += bytes;
    if (this.#framesUp) this.#logFrames('up', this.#framesUp, data);
    else if (data.length > 0) this.#log.add(this.#no, 'up', `body, ${data.length} bytes`, previewOf(data));
  }

  #onResponse(head: string, bytes: number): BodyKind {
    const exchange = this.#waiting[0];
    const status = Number(head.split(' ', 2)[1]);
    if (exchange?.isWire) {
      this.#counts.bytesDown += bytes;
      this.#log.add(this.#no, 'down', head.split('\r\n', 1)[0] ?? '', withoutSecrets(head));
    }
    if (status === 101 || /\r\ncontent-type: *application\/octet-stream/i.test(head))
      this.#framesDown = new FrameFieldsReader();
    if (status === 101) return 'rest';
    if (status < 200 || status === 204 || status === 304 || exchange?.method === 'HEAD') return 0;
    return bodyOf(head, 'rest');
  }

  #onResponseBody(data: Uint8Array, bytes: number): void {
    const exchange = this.#waiting[0];
    if (!exchange?.isWire) return;
    exchange.hasMessage ||= Buffer.from(data).includes(MESSAGE_MARK);
    this.#counts.bytesDown += bytes;
    if (data.length === 0) return;
    if (this.#framesDown) this.#logFrames('down', this.#framesDown, data);
    else this.#log.add(this.#no, 'down', `${data.length} bytes`, previewOf(data));
  }

  #onResponseEnd(): void {
    const exchange = this.#waiting.shift();
    this.#framesDown = undefined;
    const isPoll = exchange?.isWire && /-poll/.test(exchange.path);
    if (isPoll && !exchange.hasMessage) this.#counts.emptyAnswers += 1;
  }

  #logFrames(way: 'up' | 'down', reader: FrameFieldsReader, data: Uint8Array): void {
    for (const { title, payload } of reader.feed(data)) this.#log.add(this.#no, way, title, previewOf(payload));
  }
}

function bodyOf(head: string, otherwise: BodyKind): BodyKind {
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return 'chunked';
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  return length === undefined ? otherwise : Number(length);
}

/** Hides cookies and credentials. A browser sends a host's cookies to all of its ports, so they may belong to other programs. */
function withoutSecrets(head: string): string {
  return head.replaceAll(/\r\n(cookie|authorization|set-cookie): [^\r]*/gi, '\r\n$1: …');
}
