// Over 300 lines: both directions of a session in one part, so that a page loads fewer bytes.
import { addToSum } from '../checksum.js';
import type { Counts } from '../counts.js';
import { type BufferLimits, earlyWindow, type SessionLimits, sessionLimits, type Window } from '../limits.js';
import type { Message } from '../message.js';
import type { MessageSource, SendOutcome, Verdict } from './contract.js';
import type { ReadCursor, Taking } from './incoming.js';
import type { Learning } from './session-state.js';

/**
 * Progress of the close (SN-4). `asked`: the application has called `close`, and the next flush sets the time. A number:
 * when the close began, in milliseconds of the shell's clock.
 */
export type ClientClosing = 'no' | 'asked' | number;

/**
 * Tracks the messages of a client's session in both directions: numbers, window, buffer, acknowledgements, checksums,
 * close. It returns results and makes no calls. `acked <= allowed <= sent` and `settled <= received` always hold.
 *
 * The server keeps the same state in three parts (`Outgoing`, `Incoming`, `SessionState`), which can also store runs of
 * messages and make snapshots. Using them here would make a page load another 0.7 kB.
 */
export class ClientState implements MessageSource {
  readonly #buffers: BufferLimits;
  /** The server's limits, once it has stated them. */
  #limits: SessionLimits = sessionLimits;
  /** Window of outgoing messages. Before `opened` it is the early window of an `open` (SN-14). */
  #windowOut: Window = earlyWindow;
  /** Messages `acked + 1` to `sent`. */
  #queue: Message[] = [];
  /** Messages up to this number are acknowledged and removed from the queue. */
  #acked = 0;
  /** Last number accepted. */
  #sent = 0;
  /** Highest number that the window allows to be written. */
  #allowed = 0;
  /** Highest number ever written to a link or put into a body. */
  #written = 0;
  /** The server's `received`, as last stated. */
  #peerReceived = 0;
  /** Bytes that the server holds of message `peerReceived + 1`, which is sent in parts, as last stated (SN-45). */
  #peerHeld = 0;
  /** Last number received. */
  #received = 0;
  /** Last number settled by the application, sent as `ack`. */
  #settled = 0;
  /** Last `ack` sent, lowered to the server's `seen` (SN-6). */
  #ackSent = 0;
  /** Bytes of messages `acked + 1` to `sent`, of those to `allowed`, and of messages `settled + 1` to `received`. */
  #bufferedAmount = 0;
  #allowedBytes = 0;
  #unsettledBytes = 0;
  /** Bytes settled in total, at the last `ack` sent, and at the last `ack` that the server certainly received. */
  #settledBytes = 0;
  #ackSentBytes = 0;
  #heardBytes = 0;
  /** Running checksums of messages 1 to `received`, and of own messages 1 to `acked`. */
  #sum = 0;
  #ackedSum = 0;
  /** Whether `send` has returned `above` and `drain` was not called since, so that the application waits. */
  #above = false;
  /** The server's counts with its `last`, once it is closing. */
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

  get ackSent(): number {
    return this.#ackSent;
  }

  /** Bytes accepted and not yet acknowledged. */
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

  /** Numbers a message and buffers it until it is acknowledged (SN-23). */
  send(message: Message): SendOutcome {
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

  /** Returns whether `send` would accept another message of this size. */
  accepts(byteLength: number): boolean {
    const { bufferMessagesMax, bufferBytesMax } = this.#buffers;
    return this.#queue.length < bufferMessagesMax && this.#bufferedAmount + byteLength <= bufferBytesMax;
  }

  /** Returns the message of a number with `acked < number <= sent`. */
  messageAt(number: number): Message {
    return this.#queue[number - this.#acked - 1] as Message;
  }

  /** Records that messages up to this number were written. */
  wrote(last: number): void {
    this.#written = Math.max(this.#written, last);
  }

  /**
   * Records that the application settled the next message, in order of delivery, so that it may be acknowledged (SN-6).
   */
  settle({ byteLength }: Message): void {
    if (this.#settled >= this.#received) return;
    this.#settled += 1;
    this.#settledBytes += byteLength;
    this.#unsettledBytes -= byteLength;
  }

  /**
   * Whether an acknowledgement must be sent: a quarter of the window is settled and not acknowledged, or so many bytes
   * that the largest message would not fit in addition, or anything while closing (SN-6).
   */
  get isAckDue(): boolean {
    const unsent = this.#settled - this.#ackSent;
    if (unsent === 0) return false;
    const { messageBytesMax, down } = this.#limits;
    const bytesDue = Math.min(down.bytes / 4, down.bytes - messageBytesMax);
    return this.#closing !== 'no' || unsent >= down.messages / 4 || this.#settledBytes - this.#ackSentBytes >= bytesDue;
  }

  /** Returns the counts block (SN-5) and regards its `ack` as sent. */
  counts(): Counts {
    this.#ackSent = this.#settled;
    this.#ackSentBytes = this.#settledBytes;
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
   * Applies the server's counts. Must be called before any message of their carrier is taken (SN-2). Returns `lost`,
   * without any effect, if they contradict this end's history: an end was rolled back, or bytes were damaged.
   */
  learn(counts: Counts): Learning {
    const { ack, received, seen, last, sum, partial = 0 } = counts;
    const isPossible =
      ack <= received &&
      received <= this.#written &&
      seen <= this.#settled &&
      (last === undefined || (last >= this.#received && last === (this.#peerEnd ?? counts).last)) &&
      // The checksum of messages before `acked` is no longer known.
      (received < this.#acked || this.#sumTo(received) >>> 0 === sum);
    if (!isPossible) return 'lost';
    this.#peerReceived = received;
    this.#peerHeld = partial;
    if (seen < this.#ackSent) {
      this.#ackSent = seen;
      this.#ackSentBytes = this.#heardBytes;
    } else this.#heardBytes = this.#ackSentBytes;
    if (last !== undefined) this.#peerEnd = counts;
    // If everything received is acknowledged, this sum has just been compared.
    return this.#acknowledge(ack, ack === received ? sum : undefined);
  }

  /**
   * Takes the next message of a carrier: drops it at or below `received`, accepts it at `received + 1` (SN-2). After
   * `gap` the caller must stop reading the carrier.
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

  /**
   * Applies `opened`.
   *
   * @returns an error code if the server states what it cannot have or will never accept a buffered message
   */
  opened(limits: SessionLimits, received: number): 'lost' | 'message_too_big' | null {
    if (received > this.#written) return 'lost';
    // The message was accepted before the limit was known.
    for (const { byteLength } of this.#queue) if (byteLength > limits.messageBytesMax) return 'message_too_big';
    this.#limits = limits;
    this.#windowOut = limits.up;
    this.#peerReceived = received;
    this.#allow();
    return null;
  }

  /** Prepares to send everything again, because the session had no effect at the server (SN-14). */
  reopen(): void {
    this.#windowOut = earlyWindow;
    this.#written = 0;
    this.#peerReceived = this.#peerHeld = 0;
  }

  /** Applies the final `ack` of the server's verdict. Returns `lost` if it does not fit this session. */
  closed(ack: number): Learning {
    return ack < this.#acked || ack > this.#written ? 'lost' : this.#acknowledge(ack);
  }

  /** Begins to close: `send` accepts nothing more. @returns false if it was closing already */
  close(): boolean {
    if (this.#done || this.#closing !== 'no') return false;
    this.#closing = 'asked';
    return true;
  }

  /** Sets the start time of a requested close. @returns false if no close was requested since */
  beginClose(now: number): boolean {
    if (this.#closing !== 'asked') return false;
    this.#closing = now;
    return true;
  }

  /** Ends the session with a verdict and frees the buffer. */
  end(clean: boolean, code: string): Verdict {
    const acknowledged = this.#acked;
    const sent = this.#sent;
    this.#queue = [];
    this.#done = { clean, code, acknowledged, sent, unknown: sent - acknowledged };
    return this.#done;
  }

  /**
   * Frees messages up to `ack` and advances the checksum to it, so that `send` need not compute one. `sum`: that
   * checksum, if it is known. Returns `drained` if there is room again and the application waits for it (SN-23).
   */
  #acknowledge(ack: number, sum: number = this.#sumTo(ack)): Learning {
    if (ack <= this.#acked) return 'learnt';
    this.#ackedSum = sum;
    for (const { byteLength } of this.#queue.splice(0, ack - this.#acked)) {
      this.#bufferedAmount -= byteLength;
      // Written messages were allowed, so `ack` never exceeds `allowed`.
      this.#allowedBytes -= byteLength;
    }
    this.#acked = ack;
    this.#allow();
    if (!this.#above || !this.#within(0.5)) return 'learnt';
    this.#above = false;
    return 'drained';
  }

  /** Raises `allowed` as far as the window permits; at least one message always fits (SN-22). */
  #allow(): void {
    const { messages, bytes } = this.#windowOut;
    while (this.#allowed < this.#sent && this.#allowed - this.#acked < messages) {
      const next = this.#allowedBytes + this.messageAt(this.#allowed + 1).byteLength;
      if (next > bytes && this.#allowed > this.#acked) return;
      this.#allowed += 1;
      this.#allowedBytes = next;
    }
  }

  /** Returns whether the buffered messages fit into this fraction of the window. */
  #within(part: number): boolean {
    const { messages, bytes } = this.#windowOut;
    return this.#queue.length <= messages * part && this.#bufferedAmount <= bytes * part;
  }

  /** Returns the running checksum of messages 1 to `number`, which must be buffered or equal `acked`. */
  #sumTo(number: number): number {
    let sum = this.#ackedSum;
    for (let each = this.#acked + 1; each <= number; each += 1) sum = addToSum(sum, this.messageAt(each).hash);
    return sum;
  }
}
