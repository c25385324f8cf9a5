import { addToSum } from '../checksum.js';
import type { Counts } from '../counts.js';
import type { Window } from '../limits.js';
import type { Message } from '../message.js';
import { assert } from './invariant.js';
import { PartialMessage, type PartRecord } from './partial-message.js';

/** Where reading stands on one carrier: the number of its next message, 0 before its sender said it (SN-5). */
export interface ReadCursor {
  in: number;
}

/** What became of a message that a carrier brought. `gap`: the carrier is not to be read any further. The last two end the session. */
export type Taking = 'taken' | 'repeated' | 'gap' | 'hostile' | 'lost';

/** What another node goes on with (SN-24). */
export interface IncomingSnapshot {
  readonly received: number;
  readonly settled: number;
  readonly sum: number;
  readonly peerLast: number | null;
  readonly peerLastSum?: number | undefined;
}

/**
 * The messages of the other end: each taken once and in order, and acknowledged when the application has settled it (SN-1, SN-2,
 * SN-6). `told <= settled <= received` always holds.
 */
export class Incoming {
  readonly #window: Window;
  readonly #messageBytesMax: number;
  /** Last number taken. */
  #received = 0;
  /** Last number settled by the application: `ack` on the wire. */
  #settled = 0;
  /** Last `ack` told, lowered to what the other end says it has seen (SN-6). */
  #told = 0;
  /** Bytes of `settled + 1` to `received`. */
  #unsettledBytes = 0;
  /** Bytes settled in all; at the last `ack` told; and at one the other end certainly had. */
  #settledBytes = 0;
  #toldBytes = 0;
  #heardBytes = 0;
  /** Running checksum of 1 to `received`. */
  #sum = 0;
  /** The other end's last number, once it is closing, and the checksum it stated beside it. */
  #last: number | undefined;
  #lastSum: number | undefined;
  /** Message `received + 1`, where it comes in parts; `null` for most sessions. */
  #partial: PartialMessage | null = null;

  /** @param window shared, not copied: idle sessions are many */
  constructor(window: Window, messageBytesMax: number) {
    this.#window = window;
    this.#messageBytesMax = messageBytesMax;
  }

  get received(): number {
    return this.#received;
  }

  get settled(): number {
    return this.#settled;
  }

  get told(): number {
    return this.#told;
  }

  /** Bytes held of message `received + 1`, which comes in parts (SN-45). */
  get held(): number {
    return this.#partial?.held ?? 0;
  }

  get unsettledBytes(): number {
    return this.#unsettledBytes;
  }

  get sum(): number {
    return this.#sum >>> 0;
  }

  /** The next message of a carrier: dropped at or below `received`, taken at `received + 1` (SN-2). */
  take(cursor: ReadCursor, message: Message): Taking {
    const number = cursor.in;
    cursor.in += 1;
    if (number <= this.#received) return 'repeated';
    if (number > this.#received + 1) return 'gap';
    const broken = this.#refuse(number, message.byteLength);
    if (broken !== null) return broken;
    this.#received = number;
    this.#partial = null;
    this.#unsettledBytes += message.byteLength;
    this.#sum = addToSum(this.#sum, message.hash);
    return 'taken';
  }

  /**
   * A part of a message, which is put together before it is counted (SN-45).
   *
   * @returns the message, once it is whole: it is to be taken next. `gap`: what came is no part, or the whole is no message
   */
  takePart(part: PartRecord): Message | Taking {
    const { first: number, of } = part;
    if (number <= this.#received) return 'repeated';
    if (number > this.#received + 1) return 'taken';
    const broken = this.#refuse(number, of);
    if (broken !== null) return broken;
    const partial = this.#partial ?? new PartialMessage(part);
    if (!partial.fits(part)) return 'lost';
    if (!partial.take(part)) return 'gap';
    this.#partial = partial.isWhole || partial.held === 0 ? null : partial;
    return partial.isWhole ? (partial.message() ?? 'gap') : 'taken';
  }

  /** What ends the session where the next message, of that length, is none that may come now; else `null` (SN-22, SN-4). */
  #refuse(number: number, byteLength: number): 'hostile' | 'lost' | null {
    const { messages, bytes } = this.#window;
    if (number - this.#settled > messages) return 'hostile';
    if (this.#unsettledBytes + byteLength > bytes && number > this.#settled + 1) return 'hostile';
    return number > (this.#last ?? number) ? 'lost' : null;
  }

  /** The application settled this message, in the order of delivery: the acknowledgement may rise over it (SN-6). */
  settle({ byteLength }: Message): void {
    assert(this.#settled < this.#received, 'settled <= received');
    this.#settled += 1;
    this.#settledBytes += byteLength;
    this.#unsettledBytes -= byteLength;
  }

  /**
   * Whether an acknowledgement is due by itself: a quarter of the window is settled and not told, or so much that the
   * largest message would not fit beside it, or anything while this end closes (SN-6).
   */
  isAckDue(closing: boolean): boolean {
    const untold = this.#settled - this.#told;
    if (untold === 0) return false;
    const { messages, bytes } = this.#window;
    const bytesDue = Math.min(bytes / 4, bytes - this.#messageBytesMax);
    return closing || untold >= messages / 4 || this.#settledBytes - this.#toldBytes >= bytesDue;
  }

  /** What is acknowledged by the counts that are written now. */
  tell(): number {
    this.#told = this.#settled;
    this.#toldBytes = this.#settledBytes;
    return this.#settled;
  }

  /** Nothing was acknowledged: the other end is not to hear of it yet (SN-14). */
  untell(): void {
    this.#told = 0;
    this.#toldBytes = 0;
  }

  /** Whether the other end can have said this of what it was told, and of its own end (SN-5). */
  isPossible({ seen, last }: Counts): boolean {
    if (seen > this.#settled) return false;
    return last === undefined || (last >= this.#received && last === (this.#last ?? last));
  }

  /** Takes note of what the other end said, which is possible: what it has not seen is told again. */
  learn({ seen, last, lastSum }: Counts): void {
    if (seen < this.#told) {
      this.#told = seen;
      this.#toldBytes = this.#heardBytes;
    } else this.#heardBytes = this.#toldBytes;
    if (last === undefined) return;
    this.#last = last;
    this.#lastSum = lastSum;
  }

  /** `all`: as many messages are settled as the other end sent; `lost`: and they are not those (SN-4). */
  ended(): 'no' | 'all' | 'lost' {
    if (this.#settled !== this.#last) return 'no';
    return this.#lastSum === undefined || this.#lastSum === this.sum ? 'all' : 'lost';
  }

  snapshot(): IncomingSnapshot {
    return {
      received: this.#received,
      settled: this.#settled,
      sum: this.sum,
      peerLast: this.#last ?? null,
      peerLastSum: this.#lastSum,
    };
  }

  /** @param undelivered messages `settled + 1` to `received` */
  restore(from: IncomingSnapshot, undelivered: readonly Message[]): void {
    assert(from.settled + undelivered.length === from.received, 'settled + held = received');
    this.#received = from.received;
    this.#settled = this.#told = from.settled;
    this.#sum = from.sum | 0;
    this.#last = from.peerLast ?? undefined;
    this.#lastSum = from.peerLastSum;
    for (const { byteLength } of undelivered) this.#unsettledBytes += byteLength;
  }
}
