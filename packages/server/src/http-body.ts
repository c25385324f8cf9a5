import type { IncomingMessage } from 'node:http';
import type { TickWheel, WheelEntry } from './tick-wheel.js';

/** What became of a request's body. `gone`: the client left, nobody waits for an answer. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 408 | 413 | 415; readonly code: string }
  | { readonly kind: 'gone' };

export interface BodyLimits {
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/** Reads a body, counting before keeping, and within its time however slowly it drips. Calls back once. */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  wheel: TickWheel,
  onBody: (body: Body) => void,
): void {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  // Nothing is decompressed here, so no small body can become a large one.
  if (encoding !== undefined && encoding !== 'identity') {
    onBody({ kind: 'refused', status: 415, code: 'content_encoding' });
    return;
  }
  if (Number(headers['content-length'] ?? 0) > limits.bytesMax) {
    onBody(TOO_LARGE);
    return;
  }
  const reader = new BodyReader(limits.bytesMax, wheel, onBody);
  (request as ReadRequest)[kReader] = reader;
  request.on('data', onRequestData);
  request.on('end', onRequestEnd);
  request.on('close', onRequestGone);
  request.on('error', onRequestGone);
  wheel.schedule(reader, limits.timeoutMs);
}

const TOO_LARGE: Body = { kind: 'refused', status: 413, code: 'body_too_large' };
const TOO_LATE: Body = { kind: 'refused', status: 408, code: 'body_timeout' };
const GONE: Body = { kind: 'gone' };

const kReader: unique symbol = Symbol('everywire body');
interface ReadRequest extends IncomingMessage {
  [kReader]: BodyReader;
}

/** One object a request: a poll is a request a message, so what each of them leaves behind is most of its price. */
class BodyReader implements WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly #bytesMax: number;
  readonly #wheel: TickWheel;
  #onBody: ((body: Body) => void) | null;
  #chunks: Buffer[] | Buffer | null = null;
  #length = 0;

  constructor(bytesMax: number, wheel: TickWheel, onBody: (body: Body) => void) {
    this.#bytesMax = bytesMax;
    this.#wheel = wheel;
    this.#onBody = onBody;
  }

  take(chunk: Buffer): void {
    if (this.#onBody === null) return;
    this.#length += chunk.length;
    if (this.#length > this.#bytesMax) this.settle(TOO_LARGE);
    else if (this.#chunks === null) this.#chunks = chunk;
    else if (Array.isArray(this.#chunks)) this.#chunks.push(chunk);
    else this.#chunks = [this.#chunks, chunk];
  }

  whole(): void {
    if (this.#onBody === null) return;
    const chunks = this.#chunks ?? [];
    const bytes = Array.isArray(chunks) ? Buffer.concat(chunks, this.#length) : chunks;
    this.settle({ kind: 'whole', bytes });
  }

  settle(body: Body): void {
    const onBody = this.#onBody;
    if (onBody === null) return;
    this.#onBody = null;
    this.#chunks = null;
    this.#wheel.cancel(this);
    onBody(body);
  }

  onWheel(): void {
    this.settle(TOO_LATE);
  }
}

function onRequestData(this: IncomingMessage, chunk: Buffer): void {
  (this as ReadRequest)[kReader].take(chunk);
}

function onRequestEnd(this: IncomingMessage): void {
  (this as ReadRequest)[kReader].whole();
}

/** Closed or in error before its end: the client left. */
function onRequestGone(this: IncomingMessage): void {
  (this as ReadRequest)[kReader].settle(GONE);
}
