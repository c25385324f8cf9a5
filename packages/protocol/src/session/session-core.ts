import type { Counts } from '../counts.js';
import { type BufferLimits, type SessionLimits, sessionLimits, type Window } from '../limits.js';
import type { Message } from '../message.js';
import type { MessageSource, SendResult, Verdict } from './contract.js';

/** Where reading stands on one carrier: the number of its next message, 0 before its sender said it (SN-5). */
export interface ReadCursor {
  in: number;
}

/**
 * What both ends of a session have in common: counts, window, buffer, acknowledgements, checksum, close.
 *
 * The fields are the state that `docs/spec/session.md` tabulates. Only this class and the two ends write them; the simulator
 * reads them to check the invariants. One that is declared alone is the constructor's, or absent for a while: so it costs a page
 * no bytes. `acked <= allowed <= sent` and `settled <= received` always hold.
 */
export abstract class SessionCore implements MessageSource {
  limits: SessionLimits = sessionLimits;
  declare buffers: BufferLimits;
  done: Verdict | null = null;

  /** Highest `ack` had: messages up to here are gone from the buffer. */
  acked = 0;
  /** Last number `send` accepted. */
  sent = 0;
  /** Highest number the window lets be written. */
  allowed = 0;
  /** Highest number ever written to any link or put in any body. */
  written = 0;
  /** `received` of the other end, as last stated. */
  peerReceived = 0;
  /** Last number taken. */
  received = 0;
  /** Last number settled by the application: `ack` on the wire. */
  settled = 0;
  /** Last `ack` sent, lowered to the other end's `seen` (SN-6). */
  ackTold = 0;
  /** The other end's `last`, once it is closing, and the `lastSum` it had beside it. */
  declare peerLast?: number;
  declare peerLastSum?: number | undefined;
  /** When the close began; -1 until the next clock reading, `undefined` while open. */
  declare closingAt?: number;

  /** Bytes of messages `acked + 1` to `sent`. */
  bufferedAmount = 0;
  /** Bytes of `acked + 1` to `allowed`, and of `settled + 1` to `received`. */
  allowedBytes = 0;
  unsettledBytes = 0;
  /** Bytes settled in all; at the last `ack` told; and at one the other end certainly had. */
  settledBytes = 0;
  toldBytes = 0;
  heardBytes = 0;

  /** Running checksum of messages 1 to `received`, and of 1 to `acked`. */
  sum = 0;
  ackedSum = 0;
  /** `send` returned `above` and `drain` is owed. */
  above = false;

  /** Message k lies at `k & (length - 1)`; the length is a power of two. `null` until needed: idle sessions are many. */
  ring: (Message | undefined)[] | null = null;

  /** @param buffers shared, not copied: idle sessions are many. */
  constructor(buffers: BufferLimits) {
    this.buffers = buffers;
  }

  /** The window this end writes under, and the one it holds the other end to. */
  abstract get windowOut(): Window;
  abstract get windowIn(): Window;
  protected abstract deliver(message: Message): void;
  protected abstract drained(): void;
  /** Something may have to be written: flush before this turn ends. */
  protected abstract touch(): void;
  /** Ends the session now, at both ends, with this code (SN-4). */
  abstract fail(code: string): void;

  /** Accepts a message for the other end; it is written at the next flush the window and a link allow (SN-23). */
  send(message: Message): SendResult {
    if (this.done || this.closingAt !== undefined) return 'closed';
    const bytes = message.byteLength;
    if (!this.accepts(bytes)) return 'full';
    this.keep(message);
    this.sent += 1;
    this.bufferedAmount += bytes;
    this.allow();
    this.touch();
    if (this.within(1)) return 'ok';
    this.above = true;
    return 'above';
  }

  /** Whether one more message of this size would be accepted: `send` would not return `full`. */
  accepts(byteLength: number): boolean {
    const { bufferMessagesMax, bufferBytesMax } = this.buffers;
    return this.sent - this.acked < bufferMessagesMax && this.bufferedAmount + byteLength <= bufferBytesMax;
  }

  /** The application settled this message, in the order of delivery: the acknowledgement may rise over it (SN-6). */
  consumed(message: Message): void {
    if (this.done || this.settled >= this.received) return;
    this.settled += 1;
    this.settledBytes += message.byteLength;
    this.unsettledBytes -= message.byteLength;
    if (this.ackDue()) this.touch();
  }

  /** Ends cleanly: what was accepted is delivered and acknowledged first (SN-4). */
  close(): void {
    if (this.done || this.closingAt !== undefined) return;
    this.closingAt = -1;
    this.touch();
  }

  /** The message of that number, `acked < number <= sent`. */
  messageAt(number: number): Message {
    const ring = this.ring as readonly Message[];
    return ring[number & (ring.length - 1)] as Message;
  }

  /** The counts block (SN-5). What it says of `ack` counts as told. */
  counts(): Counts {
    this.ackTold = this.settled;
    this.toldBytes = this.settledBytes;
    const counts = {
      ack: this.settled,
      received: this.received,
      seen: this.acked,
      sent: this.written,
      sum: this.sum >>> 0,
    };
    const { closingAt, sent } = this;
    return closingAt === undefined ? counts : { ...counts, last: sent, lastSum: this.sumTo(sent) >>> 0 };
  }

  /**
   * Whether an acknowledgement is due by itself: a quarter of the window is settled and not told, or so much that the
   * largest message would not fit beside it, or anything while closing (SN-6).
   */
  ackDue(): boolean {
    const untold = this.settled - this.ackTold;
    if (untold === 0) return false;
    const { messages, bytes } = this.windowIn;
    const bytesDue = Math.min(bytes / 4, bytes - this.limits.messageBytesMax);
    return this.closingAt !== undefined || untold >= messages / 4 || this.settledBytes - this.toldBytes >= bytesDue;
  }

  /**
   * Takes note of the other end's counts, before any message of their carrier (SN-2). Counts of a history other than this
   * one end the session with `lost`: this end or the other was rolled back, or bytes were damaged.
   *
   * @returns false when the session has ended
   */
  protected learn(counts: Counts): boolean {
    if (this.done) return false;
    const { ack, received, seen, last, lastSum } = counts;
    const possible = ack <= received && received <= this.written && seen <= this.settled;
    const sameLast = last === undefined || (last >= this.received && last === (this.peerLast ?? last));
    if (!possible || !sameLast || !this.#sumFits(received, counts.sum)) {
      this.fail('lost');
      return false;
    }
    this.peerReceived = received;
    if (seen < this.ackTold) {
      this.ackTold = seen;
      this.toldBytes = this.heardBytes;
    } else this.heardBytes = this.toldBytes;
    if (ack > this.acked) this.acknowledge(ack);
    if (last !== undefined) {
      this.peerLast = last;
      this.peerLastSum = lastSum;
      this.close();
    }
    return !this.done;
  }

  /**
   * The next message of a carrier: dropped at or below `received`, taken at `received + 1` (SN-2).
   *
   * @returns false for a gap: the carrier is not to be read any further
   */
  protected take(cursor: ReadCursor, message: Message): boolean {
    const number = cursor.in;
    cursor.in += 1;
    if (number <= this.received) return true;
    if (number > this.received + 1) return false;
    const { messages, bytes } = this.windowIn;
    const unsettledBytes = this.unsettledBytes + message.byteLength;
    const above = number - this.settled > messages || (unsettledBytes > bytes && number > this.settled + 1);
    if (above || number > (this.peerLast ?? number)) {
      this.fail(above ? 'hostile' : 'lost');
      return true;
    }
    this.received = number;
    this.unsettledBytes = unsettledBytes;
    this.sum = (Math.imul(this.sum, 31) + message.sum) | 0;
    this.deliver(message);
    return true;
  }

  /** Gives the verdict; the buffer is freed. */
  protected finish(clean: boolean, code: string): Verdict {
    const { acked, sent } = this;
    this.done = { clean, code, acknowledged: acked, sent, unknown: sent - acked };
    this.ring = null;
    return this.done;
  }

  /** Lets the window move over what `acked` and the limits now allow; one message always fits (SN-22). */
  protected allow(): void {
    const { messages, bytes } = this.windowOut;
    while (this.allowed < this.sent && this.allowed - this.acked < messages) {
      const next = this.allowedBytes + this.messageAt(this.allowed + 1).byteLength;
      if (next > bytes && this.allowed > this.acked) return;
      this.allowed += 1;
      this.allowedBytes = next;
    }
  }

  /** Frees messages up to `ack`. The checksum goes along, so that it is known from `acked` on at no cost per send. */
  protected acknowledge(ack: number): void {
    this.ackedSum = this.sumTo(ack);
    const bytes = this.release(ack);
    this.acked = ack;
    this.bufferedAmount -= bytes;
    // What was written was allowed, so `ack` is never above `allowed`.
    this.allowedBytes -= bytes;
    this.allow();
    this.drain();
  }

  /** Tells that there is room again, where that is owed (SN-23). */
  protected drain(): void {
    if (!this.above || !this.within(0.5)) return;
    this.above = false;
    this.drained();
  }

  /** Whether what is buffered fits into this part of the window. */
  protected within(part: number): boolean {
    const { messages, bytes } = this.windowOut;
    return this.sent - this.acked <= messages * part && this.bufferedAmount <= bytes * part;
  }

  // ---- the buffer; a server, which sends the same to many, has another one (`RunSession`)

  /** Puts message `sent + 1` into it. */
  protected keep(message: Message): void {
    const held = this.sent - this.acked;
    let ring = this.ring;
    if (!ring || held === ring.length) ring = this.#grow(held);
    ring[(this.sent + 1) & (ring.length - 1)] = message;
  }

  /** Takes messages `acked + 1` to `ack` out of it. @returns their bytes */
  protected release(ack: number): number {
    const ring = this.ring as (Message | undefined)[];
    let bytes = 0;
    for (let number = this.acked + 1; number <= ack; number += 1) {
      bytes += this.messageAt(number).byteLength;
      ring[number & (ring.length - 1)] = undefined;
    }
    // A ring that a burst made large is not kept for a session that has gone quiet.
    if (ack === this.sent && ring.length > 64) this.ring = null;
    return bytes;
  }

  /** The running checksum of 1 to this number, which is in it, or `acked`. */
  protected sumTo(number: number): number {
    let sum = this.ackedSum;
    for (let each = this.acked + 1; each <= number; each += 1) {
      sum = (Math.imul(sum, 31) + this.messageAt(each).sum) | 0;
    }
    return sum;
  }

  /** Whether the other end's checksum of 1 to `received` is ours; true where ours is no longer known, below `acked`. */
  #sumFits(received: number, stated: number): boolean {
    return received < this.acked || this.sumTo(received) >>> 0 === stated;
  }

  #grow(held: number): (Message | undefined)[] {
    const ring: (Message | undefined)[] = new Array((this.ring?.length ?? 4) * 2).fill(undefined);
    for (let number = this.acked + 1; number <= this.acked + held; number += 1) {
      ring[number & (ring.length - 1)] = this.messageAt(number);
    }
    this.ring = ring;
    return ring;
  }
}
