import type { IncomingMessage } from 'node:http';
import type { ServerLimits } from '../limits.js';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';

/** What became of a request's body. `gone`: the client left, nobody waits for an answer. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 408 | 413 | 415; readonly code: string }
  | { readonly kind: 'gone' };

export interface BodyLimits {
  readonly bytesMax: number;
  readonly times: Pick<ServerLimits, 'bodyTimeoutMs' | 'bodyRateBytesMin' | 'bodyRateAfterMs'>;
}

/** Milliseconds between two looks at the rate of a slow body. */
const RATE_MS = 1_000;

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
  const reader = new BodyReader(limits, wheel, onBody);
  (request as ReadRequest)[kReader] = reader;
  request.on('data', onRequestData);
  request.on('end', onRequestEnd);
  request.on('close', onRequestGone);
  request.on('error', onRequestGone);
  reader.wait(Math.min(limits.times.bodyRateAfterMs, limits.times.bodyTimeoutMs));
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
  readonly #limits: BodyLimits;
  readonly #wheel: TickWheel;
  #onBody: ((body: Body) => void) | null;
  #chunks: Buffer[] | Buffer | null = null;
  #length = 0;
  /** Milliseconds it has been waited for, at the last look. */
  #waitedMs = 0;

  constructor(limits: BodyLimits, wheel: TickWheel, onBody: (body: Body) => void) {
    this.#limits = limits;
    this.#wheel = wheel;
    this.#onBody = onBody;
  }

  take(chunk: Buffer): void {
    if (this.#onBody === null) return;
    this.#length += chunk.length;
    if (this.#length > this.#limits.bytesMax) this.settle(TOO_LARGE);
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

  /** Looks at it again after so many milliseconds. */
  wait(ms: number): void {
    this.#waitedMs += ms;
    this.#wheel.schedule(this, ms);
  }

  /** Only slow bodies come here: too late is too late, and one that drips is not waited for so long. */
  onWheel(): void {
    const { bodyTimeoutMs, bodyRateBytesMin } = this.#limits.times;
    const leftMs = bodyTimeoutMs - this.#waitedMs;
    if (leftMs <= 0 || this.#length * 1_000 < bodyRateBytesMin * this.#waitedMs) this.settle(TOO_LATE);
    else this.wait(Math.min(leftMs, RATE_MS));
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
