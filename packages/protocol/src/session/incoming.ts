import { addToSum } from '../checksum.js';
import type { Counts } from '../counts.js';
import type { Window } from '../limits.js';
import type { Message } from '../message.js';
import { assert } from './invariant.js';
import { PartialMessage, type PartRecord } from './partial-message.js';

/** Read position on one carrier: the number of its next message, 0 before the sender stated it (SN-5). */
export interface ReadCursor {
  in: number;
}

/**
 * Result of taking a message. `gap`: the caller must stop reading the carrier. `hostile` and `lost` end the session.
 */
export type Taking = 'taken' | 'repeated' | 'gap' | 'hostile' | 'lost';

/** State that a hand-over moves to another node (SN-24). */
export interface IncomingSnapshot {
  readonly received: number;
  readonly settled: number;
  readonly sum: number;
  readonly peerLast: number | null;
  readonly peerLastSum?: number | undefined;
}

/**
 * Receives the peer's messages, each once and in order, and acknowledges them once the application has settled
 * (handled) them (SN-1, SN-2, SN-6). `ackSent <= settled <= received` always holds.
 */
export class Incoming {
  readonly #window: Window;
  readonly #messageBytesMax: number;
  /** Last number received. */
  #received = 0;
  /** Last number settled by the application, sent as `ack`. */
  #settled = 0;
  /** The last `ack` sent, lowered to the peer's `seen`: the highest `ack` that the peer says it has received (SN-6). */
  #ackSent = 0;
  /** Bytes of messages `settled + 1` to `received`. */
  #unsettledBytes = 0;
  /** Bytes settled in total, at the last `ack` sent, and at the last `ack` that the peer certainly received. */
  #settledBytes = 0;
  #ackSentBytes = 0;
  #heardBytes = 0;
  /** Running checksum of messages 1 to `received`. */
  #sum = 0;
  /** The peer's last number, once it is closing, and the checksum stated with it. */
  #last: number | undefined;
  #lastSum: number | undefined;
  /** Message `received + 1` while it arrives in parts; `null` for most sessions. */
  #partial: PartialMessage | null = null;

  /** @param window shared, not copied, because there are many idle sessions */
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

  get ackSent(): number {
    return this.#ackSent;
  }

  /** Bytes held of message `received + 1` while it arrives in parts (SN-45). */
  get held(): number {
    return this.#partial?.held ?? 0;
  }

  get unsettledBytes(): number {
    return this.#unsettledBytes;
  }

  /** Running checksum of messages 1 to `received`, unsigned. */
  get sum(): number {
    return this.#sum >>> 0;
  }

  /** Takes the next message of a carrier: drops it at or below `received`, accepts it at `received + 1` (SN-2). */
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
   * Takes a part of a message, which is assembled before it is counted (SN-45).
   *
   * @returns the message once it is whole; the caller must take it next. `gap`: the part or the whole is invalid
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

  /**
   * Returns the code that ends the session if the next message, of that length, is not allowed; otherwise `null`
   * (SN-22, SN-4).
   */
  #refuse(number: number, byteLength: number): 'hostile' | 'lost' | null {
    const { messages, bytes } = this.#window;
    if (number - this.#settled > messages) return 'hostile';
    if (this.#unsettledBytes + byteLength > bytes && number > this.#settled + 1) return 'hostile';
    return number > (this.#last ?? number) ? 'lost' : null;
  }

  /**
   * Records that the application settled the next message, in order of delivery, so that it may be acknowledged (SN-6).
   */
  settle({ byteLength }: Message): void {
    assert(this.#settled < this.#received, 'settled <= received');
    this.#settled += 1;
    this.#settledBytes += byteLength;
    this.#unsettledBytes -= byteLength;
  }

  /**
   * Returns whether an acknowledgement must be sent: a quarter of the window is settled and not acknowledged, or so
   * many bytes that the largest message would not fit in addition, or anything while this end closes (SN-6).
   */
  isAckDue(closing: boolean): boolean {
    const unsent = this.#settled - this.#ackSent;
    if (unsent === 0) return false;
    const { messages, bytes } = this.#window;
    const bytesDue = Math.min(bytes / 4, bytes - this.#messageBytesMax);
    return closing || unsent >= messages / 4 || this.#settledBytes - this.#ackSentBytes >= bytesDue;
  }

  /** Returns the `ack` for the counts to be written, and regards it as sent. */
  takeAck(): number {
    this.#ackSent = this.#settled;
    this.#ackSentBytes = this.#settledBytes;
    return this.#settled;
  }

  /** Treats no `ack` as sent, because the peer must not receive one yet (SN-14). */
  forgetAck(): void {
    this.#ackSent = 0;
    this.#ackSentBytes = 0;
  }

  /** Returns whether the peer's counts are possible, given what was acknowledged to it and its own `last` (SN-5). */
  isPossible({ seen, last }: Counts): boolean {
    if (seen > this.#settled) return false;
    return last === undefined || (last >= this.#received && last === (this.#last ?? last));
  }

  /** Applies the peer's counts, which must be possible. An acknowledgement that it has not seen is sent again. */
  learn({ seen, last, lastSum }: Counts): void {
    if (seen < this.#ackSent) {
      this.#ackSent = seen;
      this.#ackSentBytes = this.#heardBytes;
    } else this.#heardBytes = this.#ackSentBytes;
    if (last === undefined) return;
    this.#last = last;
    this.#lastSum = lastSum;
  }

  /**
   * Returns whether all the peer's messages are settled (`all`), and `lost` if their checksum differs from the peer's
   * (SN-4).
   */
  ended(): 'no' | 'all' | 'lost' {
    if (this.#settled !== this.#last) return 'no';
    return this.#lastSum === undefined || this.#lastSum === this.sum ? 'all' : 'lost';
  }

  /** Returns the state for a hand-over. */
  snapshot(): IncomingSnapshot {
    return {
      received: this.#received,
      settled: this.#settled,
      sum: this.sum,
      peerLast: this.#last ?? null,
      peerLastSum: this.#lastSum,
    };
  }

  /** Restores the state of a hand-over. @param undelivered messages `settled + 1` to `received` */
  restore(from: IncomingSnapshot, undelivered: readonly Message[]): void {
    assert(from.settled + undelivered.length === from.received, 'settled + held = received');
    this.#received = from.received;
    this.#settled = this.#ackSent = from.settled;
    this.#sum = from.sum | 0;
    this.#last = from.peerLast ?? undefined;
    this.#lastSum = from.peerLastSum;
    for (const { byteLength } of undelivered) this.#unsettledBytes += byteLength;
  }
}
