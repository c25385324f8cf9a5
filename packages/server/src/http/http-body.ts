import type { IncomingMessage } from 'node:http';
import type { ServerLimits } from '../limits.js';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import type { BodyBudget, BudgetedBody } from './body-budget.js';
import { BodyPieces } from './body-pieces.js';

/** Outcome of reading a request body. `gone`: the client closed the connection, so no answer is due. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 408 | 413 | 415 | 503; readonly code: string }
  | { readonly kind: 'gone' };

/** Limits for reading one body. */
export interface BodyLimits {
  readonly bytesMax: number;
  readonly room: BodyBudget;
  /** Address of the client, see `addressKey`. */
  readonly address: string;
  readonly times: Pick<ServerLimits, 'bodyTimeoutMs' | 'bodyRateBytesMin' | 'bodyRateAfterMs'>;
}

/** Milliseconds between two checks of the rate of a slow body. */
const RATE_MS = 1_000;

/**
 * Reads a request body within its limits of size, memory and time, and calls back once. Counts bytes before it stores
 * them.
 */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  wheel: TimerWheel,
  onBody: (body: Body) => void,
): void {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  // Refuses compressed bodies. As nothing is decompressed, a small body cannot become a large one.
  if (encoding !== undefined && encoding !== 'identity') {
    onBody({ kind: 'refused', status: 415, code: 'content_encoding' });
    return;
  }
  const declaredBytes = Number(headers['content-length'] ?? 0);
  if (declaredBytes > limits.bytesMax) {
    onBody(TOO_LARGE);
    return;
  }
  // Refuses now, instead of reading a body that cannot be stored and that takes memory from other requests.
  if (!limits.room.take(limits.address, declaredBytes)) {
    onBody(NO_ROOM);
    return;
  }
  const reader = new BodyReader(limits, wheel, declaredBytes, onBody);
  limits.room.add(limits.address, reader);
  (request as ReadRequest)[kReader] = reader;
  request.on('data', onRequestData);
  request.on('end', onRequestEnd);
  request.on('close', onRequestGone);
  request.on('error', onRequestGone);
  reader.wait(Math.min(limits.times.bodyRateAfterMs, limits.times.bodyTimeoutMs));
}

const TOO_LARGE: Body = { kind: 'refused', status: 413, code: 'body_too_large' };
const TOO_LATE: Body = { kind: 'refused', status: 408, code: 'body_timeout' };
const NO_ROOM: Body = { kind: 'refused', status: 503, code: 'busy' };
const GONE: Body = { kind: 'gone' };

const kReader: unique symbol = Symbol('everywire body');
interface ReadRequest extends IncomingMessage {
  [kReader]: BodyReader;
}

/** Holds the state of one body. One object for each request, because a poll is one request for each message. */
class BodyReader implements TimerEntry, BudgetedBody {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;
  readonly #limits: BodyLimits;
  readonly #wheel: TimerWheel;
  #onBody: ((body: Body) => void) | null;
  readonly #pieces: BodyPieces = new BodyPieces();
  /** Bytes reserved in the room. */
  #roomBytes: number;
  /** Milliseconds waited so far, at the last check. */
  #waitedMs = 0;

  constructor(limits: BodyLimits, wheel: TimerWheel, roomBytes: number, onBody: (body: Body) => void) {
    this.#limits = limits;
    this.#roomBytes = roomBytes;
    this.#wheel = wheel;
    this.#onBody = onBody;
  }

  get missingBytes(): number {
    return this.#roomBytes - this.#pieces.length;
  }

  refuse(): void {
    this.settle(NO_ROOM);
  }

  take(piece: Buffer): void {
    if (this.#onBody === null) return;
    const length = this.#pieces.length + piece.length;
    if (length > this.#limits.bytesMax) this.settle(TOO_LARGE);
    else if (!this.#haveRoom(length)) this.settle(NO_ROOM);
    else this.#pieces.add(piece);
  }

  #haveRoom(bytes: number): boolean {
    const more = bytes - this.#roomBytes;
    if (more <= 0) return true;
    const { room, address } = this.#limits;
    if (!room.take(address, more)) return false;
    this.#roomBytes = bytes;
    return true;
  }

  whole(): void {
    if (this.#onBody !== null) this.settle({ kind: 'whole', bytes: this.#pieces.take() });
  }

  settle(body: Body): void {
    const onBody = this.#onBody;
    if (onBody === null) return;
    this.#onBody = null;
    this.#pieces.clear();
    this.#wheel.cancel(this);
    const { room, address } = this.#limits;
    room.remove(address, this);
    room.giveBack(address, this.#roomBytes);
    onBody(body);
  }

  /** Schedules the next check after `ms` milliseconds. */
  wait(ms: number): void {
    this.#waitedMs += ms;
    this.#wheel.schedule(this, ms);
  }

  /** Checks a slow body: refuses it after `bodyTimeoutMs`, or when it is below the minimum rate. */
  onTimer(): void {
    const { bodyTimeoutMs, bodyRateBytesMin } = this.#limits.times;
    const leftMs = bodyTimeoutMs - this.#waitedMs;
    if (leftMs <= 0 || this.#pieces.length * 1_000 < bodyRateBytesMin * this.#waitedMs) this.settle(TOO_LATE);
    else this.wait(Math.min(leftMs, RATE_MS));
  }
}

function onRequestData(this: IncomingMessage, chunk: Buffer): void {
  (this as ReadRequest)[kReader].take(chunk);
}

function onRequestEnd(this: IncomingMessage): void {
  (this as ReadRequest)[kReader].whole();
}

/** Handles a request that was closed or failed before its end. */
function onRequestGone(this: IncomingMessage): void {
  (this as ReadRequest)[kReader].settle(GONE);
}
