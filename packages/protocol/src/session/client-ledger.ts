// Over 300 lines: both directions of a session in one part, because a page loads fewer bytes so.
import { addToSum } from '../checksum.js';
import type { Counts } from '../counts.js';
import { type BufferLimits, earlyWindow, type SessionLimits, sessionLimits, type Window } from '../limits.js';
import type { Message } from '../message.js';
import type { MessageSource, SendResult, Verdict } from './contract.js';
import type { ReadCursor, Taking } from './incoming.js';
import type { Learning } from './ledger.js';

/** How far the close has come (SN-4). `asked`: the clock was not read since. A number: when it began, milliseconds of the shell's clock. */
export type ClientClosing = 'no' | 'asked' | number;

/**
 * The messages of a client's session in both directions: numbers, window, buffer, acknowledgements, checksums, close. It returns facts
 * and calls nobody. `acked <= allowed <= sent` and `settled <= received` always hold.
 *
 * The server keeps the same in three parts (`Outgoing`, `Incoming`, `Ledger`), with a queue of runs and snapshots besides. A page would
 * load 0.7 kB more for them.
 */
export class ClientLedger implements MessageSource {
  readonly #buffers: BufferLimits;
  /** Those of the server, once it has stated them. */
  #limits: SessionLimits = sessionLimits;
  /** Before `opened` only what an `open` may bring is in flight (SN-14). */
  #windowOut: Window = earlyWindow;
  /** Messages `acked + 1` to `sent`. */
  #queue: Message[] = [];
  /** Messages up to here are acknowledged, and gone from the queue. */
  #acked = 0;
  /** Last number accepted. */
  #sent = 0;
  /** Highest number the window lets be written. */
  #allowed = 0;
  /** Highest number ever written to any link or put in any body. */
  #written = 0;
  /** `received` of the server, as last stated. */
  #peerReceived = 0;
  /** Bytes of the message behind that which it holds, as last stated (SN-45). */
  #peerHeld = 0;
  /** Last number taken. */
  #received = 0;
  /** Last number settled by the application: `ack` on the wire. */
  #settled = 0;
  /** Last `ack` sent, lowered to the `seen` of the server (SN-6). */
  #told = 0;
  /** Bytes of `acked + 1` to `sent`, and to `allowed`; and of `settled + 1` to `received`. */
  #bufferedAmount = 0;
  #allowedBytes = 0;
  #unsettledBytes = 0;
  /** Bytes settled in all; at the last `ack` sent; and at one the server certainly had. */
  #settledBytes = 0;
  #toldBytes = 0;
  #heardBytes = 0;
  /** Running checksum of 1 to `received`, and of 1 to `acked`. */
  #sum = 0;
  #ackedSum = 0;
  /** `send` returned `above` and `drain` is owed. */
  #above = false;
  /** Counts of the server that state its `last`, once it is closing. */
  #peerEnd: Counts | undefined;
  #closing: ClientClosing = 'no';
  #done: Verdict | null = null;

  constructor(buffers: BufferLimits) {
    this.#buffers = buffers;
  }

  get limits(): SessionLimits {
    return this.#limits;
  }

  get acked(): number {
    return this.#acked;
  }

  get sent(): number {
    return this.#sent;
  }

  get allowed(): number {
    return this.#allowed;
  }

  get written(): number {
    return this.#written;
  }

  get peerReceived(): number {
    return this.#peerReceived;
  }

  get peerHeld(): number {
    return this.#peerHeld;
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

  /** Bytes that were accepted and are not acknowledged. */
  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  get allowedBytes(): number {
    return this.#allowedBytes;
  }

  /** The checksum of everything received. */
  get checksum(): number {
    return this.#sum >>> 0;
  }

  get above(): boolean {
    return this.#above;
  }

  get peerEnd(): Counts | undefined {
    return this.#peerEnd;
  }

  get closing(): ClientClosing {
    return this.#closing;
  }

  get done(): Verdict | null {
    return this.#done;
  }

  /** Numbers a message and keeps it until it is acknowledged (SN-23). */
  send(message: Message): SendResult {
    if (this.#done || this.#closing !== 'no') return 'closed';
    const bytes = message.byteLength;
    if (!this.accepts(bytes)) return 'full';
    this.#queue.push(message);
    this.#sent += 1;
    this.#bufferedAmount += bytes;
    this.#allow();
    if (this.#within(1)) return 'ok';
    this.#above = true;
    return 'above';
  }

  /** Whether one more message of this size would be accepted: `send` would not return `full`. */
  accepts(byteLength: number): boolean {
    const { bufferMessagesMax, bufferBytesMax } = this.#buffers;
    return this.#queue.length < bufferMessagesMax && this.#bufferedAmount + byteLength <= bufferBytesMax;
  }

  /** The message of that number, `acked < number <= sent`. */
  messageAt(number: number): Message {
    return this.#queue[number - this.#acked - 1] as Message;
  }

  /** Messages up to this number are on their way. */
  wrote(last: number): void {
    this.#written = Math.max(this.#written, last);
  }

  /** The application settled this message, in the order of delivery: the acknowledgement may rise over it (SN-6). */
  settle({ byteLength }: Message): void {
    if (this.#settled >= this.#received) return;
    this.#settled += 1;
    this.#settledBytes += byteLength;
    this.#unsettledBytes -= byteLength;
  }

  /**
   * Whether an acknowledgement is due by itself: a quarter of the window is settled and not told, or so much that the
   * largest message would not fit beside it, or anything while closing (SN-6).
   */
  get isAckDue(): boolean {
    const untold = this.#settled - this.#told;
    if (untold === 0) return false;
    const { messageBytesMax, down } = this.#limits;
    const bytesDue = Math.min(down.bytes / 4, down.bytes - messageBytesMax);
    return this.#closing !== 'no' || untold >= down.messages / 4 || this.#settledBytes - this.#toldBytes >= bytesDue;
  }

  /** The counts block (SN-5). What it says of `ack` counts as told. */
  counts(): Counts {
    this.#told = this.#settled;
    this.#toldBytes = this.#settledBytes;
    const last = this.#sent;
    const counts = {
      ack: this.#settled,
      received: this.#received,
      seen: this.#acked,
      sent: this.#written,
      sum: this.checksum,
    };
    return this.#closing === 'no' ? counts : { ...counts, last, lastSum: this.#sumTo(last) >>> 0 };
  }

  /**
   * Takes note of the server's counts, before any message of their carrier (SN-2). `lost`: they are of another history than this one,
   * because this end or the server was rolled back, or bytes were damaged; nothing was taken of them.
   */
  learn(counts: Counts): Learning {
    const { ack, received, seen, last, sum, partial = 0 } = counts;
    const isPossible =
      ack <= received &&
      received <= this.#written &&
      seen <= this.#settled &&
      (last === undefined || (last >= this.#received && last === (this.#peerEnd ?? counts).last)) &&
      // Below `acked` our checksum is no longer known.
      (received < this.#acked || this.#sumTo(received) >>> 0 === sum);
    if (!isPossible) return 'lost';
    this.#peerReceived = received;
    this.#peerHeld = partial;
    if (seen < this.#told) {
      this.#told = seen;
      this.#toldBytes = this.#heardBytes;
    } else this.#heardBytes = this.#toldBytes;
    if (last !== undefined) this.#peerEnd = counts;
    // Where all that was received is acknowledged, that sum was computed just now.
    return this.#acknowledge(ack, ack === received ? sum : undefined);
  }

  /**
   * The next message of a carrier: dropped at or below `received`, taken at `received + 1` (SN-2). `gap`: the carrier is not to be read
   * any further.
   */
  take(cursor: ReadCursor, { byteLength, hash }: Message): Taking {
    const number = cursor.in;
    cursor.in += 1;
    if (number <= this.#received) return 'repeated';
    if (number > this.#received + 1) return 'gap';
    const { messages, bytes } = this.#limits.down;
    const unsettledBytes = this.#unsettledBytes + byteLength;
    const above = number - this.#settled > messages || (unsettledBytes > bytes && number > this.#settled + 1);
    if (above) return 'hostile';
    if (number > (this.#peerEnd?.last ?? number)) return 'lost';
    this.#received = number;
    this.#unsettledBytes = unsettledBytes;
    this.#sum = addToSum(this.#sum, hash);
    return 'taken';
  }

  /** The server knows the session. @returns the code where it cannot go on: it states what it cannot have, or never takes what waits */
  opened(limits: SessionLimits, received: number): 'lost' | 'message_too_big' | null {
    if (received > this.#written) return 'lost';
    // It was taken before the limit was known.
    for (const { byteLength } of this.#queue) if (byteLength > limits.messageBytesMax) return 'message_too_big';
    this.#limits = limits;
    this.#windowOut = limits.up;
    this.#peerReceived = received;
    this.#allow();
    return null;
  }

  /** The server knows no effect of the session: everything is to be sent again (SN-14). */
  reopen(): void {
    this.#windowOut = earlyWindow;
    this.#written = 0;
    this.#peerReceived = this.#peerHeld = 0;
  }

  /** The server gave a verdict that acknowledges this much. `lost`: it is not the one that this session is with. */
  closed(ack: number): Learning {
    return ack < this.#acked || ack > this.#written ? 'lost' : this.#acknowledge(ack);
  }

  /** Accepts nothing more. @returns false where it did not before */
  close(): boolean {
    if (this.#done || this.#closing !== 'no') return false;
    this.#closing = 'asked';
    return true;
  }

  /** The clock is read: the close has begun by now. @returns whether it had been asked for since */
  beginClose(now: number): boolean {
    if (this.#closing !== 'asked') return false;
    this.#closing = now;
    return true;
  }

  /** Gives the verdict; the buffer is freed. */
  end(clean: boolean, code: string): Verdict {
    const acknowledged = this.#acked;
    const sent = this.#sent;
    this.#queue = [];
    this.#done = { clean, code, acknowledged, sent, unknown: sent - acknowledged };
    return this.#done;
  }

  /**
   * Frees messages up to `ack`. The checksum goes along, so that it is known from `acked` on at no cost per send: `sum`, where it is
   * known. `drained`: there is room again, and the application waits for it (SN-23).
   */
  #acknowledge(ack: number, sum: number = this.#sumTo(ack)): Learning {
    if (ack <= this.#acked) return 'learnt';
    this.#ackedSum = sum;
    for (const { byteLength } of this.#queue.splice(0, ack - this.#acked)) {
      this.#bufferedAmount -= byteLength;
      // What was written was allowed, so `ack` is never above `allowed`.
      this.#allowedBytes -= byteLength;
    }
    this.#acked = ack;
    this.#allow();
    if (!this.#above || !this.#within(0.5)) return 'learnt';
    this.#above = false;
    return 'drained';
  }

  /** Lets the window move over what `acked` and the limits now allow; one message always fits (SN-22). */
  #allow(): void {
    const { messages, bytes } = this.#windowOut;
    while (this.#allowed < this.#sent && this.#allowed - this.#acked < messages) {
      const next = this.#allowedBytes + this.messageAt(this.#allowed + 1).byteLength;
      if (next > bytes && this.#allowed > this.#acked) return;
      this.#allowed += 1;
      this.#allowedBytes = next;
    }
  }

  /** Whether what is buffered fits into this part of the window. */
  #within(part: number): boolean {
    const { messages, bytes } = this.#windowOut;
    return this.#queue.length <= messages * part && this.#bufferedAmount <= bytes * part;
  }

  /** The running checksum of 1 to this number, which is kept, or `acked`. */
  #sumTo(number: number): number {
    let sum = this.#ackedSum;
    for (let each = this.#acked + 1; each <= number; each += 1) sum = addToSum(sum, this.messageAt(each).hash);
    return sum;
  }
}
