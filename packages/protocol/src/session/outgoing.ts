import type { Counts } from '../counts.js';
import type { BufferLimits, Window } from '../limits.js';
import type { Message } from '../message.js';
import type { MessageSource } from './contract.js';
import { assert } from './invariant.js';
import type { MessageSheet } from './message-sheet.js';
import { RunQueue } from './run-queue.js';

/** What another node goes on with (SN-24). */
export interface OutgoingSnapshot {
  readonly acked: number;
  readonly written: number;
  readonly peerReceived: number;
  readonly ackedSum: number;
  /** `drain` is owed. */
  readonly above: boolean;
  /** Messages `acked + 1` and on. */
  readonly unacknowledged: readonly Message[];
}

/**
 * The messages of this end: numbered, kept until they are acknowledged, written as far as the window lets them (SN-1, SN-22,
 * SN-23). `acked <= written <= allowed <= sent` always holds, and `peerReceived <= written`.
 */
export class Outgoing implements MessageSource {
  readonly #window: Window;
  readonly #buffers: BufferLimits;
  /** `null` until needed: idle sessions are many. */
  #queue: RunQueue | null = null;
  /** Messages up to here are acknowledged, and gone from the queue. */
  #acked = 0;
  /** Last number accepted. */
  #sent = 0;
  /** Highest number the window lets be written. */
  #allowed = 0;
  /** Highest number ever written to any link. */
  #written = 0;
  /** What the other end has taken, as it last stated. */
  #peerReceived = 0;
  /** Bytes of `acked + 1` to `sent`, and to `allowed`. */
  #bytes = 0;
  #allowedBytes = 0;
  /** Running checksum of 1 to `acked`. */
  #ackedSum = 0;
  /** The window was exceeded and `drain` is owed. */
  #above = false;

  /** @param buffers shared, not copied, as `window` is: idle sessions are many */
  constructor(window: Window, buffers: BufferLimits) {
    this.#window = window;
    this.#buffers = buffers;
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

  /** Bytes that were accepted and are not acknowledged. */
  get bufferedAmount(): number {
    return this.#bytes;
  }

  get allowedBytes(): number {
    return this.#allowedBytes;
  }

  /** The running checksum of every message accepted. */
  get sum(): number {
    return this.#sumTo(this.#sent) >>> 0;
  }

  /** Whether one more message of this size would be accepted. */
  accepts(byteLength: number): boolean {
    return this.#fits(1, byteLength);
  }

  /** Numbers a message and keeps it. `above`: accepted beyond the window. `full`: not accepted. */
  accept(message: Message): 'ok' | 'above' | 'full' {
    if (!this.#fits(1, message.byteLength)) return 'full';
    this.#add(message);
    this.#allow();
    if (this.#within(1)) return 'ok';
    this.#above = true;
    return 'above';
  }

  /**
   * Accepts messages `from` to `to` of a sheet, the last not included, as `accept` would one after the other.
   *
   * @returns false where it did nothing, because not all of them fit
   */
  acceptRun(sheet: MessageSheet, from: number, to: number): boolean {
    const bytes = sheet.bytesOf(from, to);
    if (!this.#fits(to - from, bytes)) return false;
    const last = this.#sent + to - from;
    this.#queue ??= new RunQueue();
    this.#queue.addRun(sheet, from, this.#sent + 1, last);
    this.#sent = last;
    this.#bytes += bytes;
    this.#allow();
    this.#above ||= !this.#within(1);
    return true;
  }

  messageAt(number: number): Message {
    return (this.#queue as RunQueue).messageAt(number);
  }

  frameAt(number: number): Uint8Array | null {
    return (this.#queue as RunQueue).frameAt(number);
  }

  /** Memory that is kept alive by what is not acknowledged; one may be told more than once. */
  eachMemory(tell: (memory: Uint8Array) => void): void {
    this.#queue?.eachMemory(tell);
  }

  /** Messages up to this number are on their way. */
  wrote(last: number): void {
    assert(last <= this.#allowed, 'written <= allowed');
    if (last > this.#written) this.#written = last;
  }

  /** Whether the other end can have said this of the messages it was written (SN-5). */
  isPossible({ ack, received, sum }: Counts): boolean {
    if (ack > received || received > this.#written) return false;
    // Below `acked` our checksum is no longer known.
    return received < this.#acked || this.#sumTo(received) >>> 0 === sum;
  }

  /**
   * Takes note of what the other end said, which is possible.
   *
   * @returns as `drained` does
   */
  learn({ ack, received, sum }: Counts): boolean {
    this.#peerReceived = received;
    if (ack <= this.#acked) return false;
    // Where all that was received is acknowledged, its checksum was compared just now.
    this.#ackedSum = ack === received ? sum : this.#sumTo(ack);
    this.#release(ack);
    this.#allow();
    return this.drained();
  }

  /** @returns whether half of the window is free and a sender waits for that: once */
  drained(): boolean {
    if (!this.#above || !this.#within(0.5)) return false;
    this.#above = false;
    return true;
  }

  /** Messages that have no place on any link yet, which may still be replaced (SN-33). */
  unwritten(): readonly Message[] {
    return this.#queue?.messages(this.#written + 1, this.#sent) ?? [];
  }

  /** Puts `kept` in the place of all that is not written, of which it is a part. */
  replaceUnwritten(kept: readonly Message[]): void {
    for (const message of this.unwritten()) this.#bytes -= message.byteLength;
    this.#queue?.cut(this.#acked, this.#written);
    this.#sent = this.#allowed = this.#written;
    this.#allowedBytes = this.#bytes;
    for (const message of kept) this.#add(message);
    this.#allow();
  }

  /** Nothing more is sent, and nothing again. */
  free(): void {
    this.#queue = null;
  }

  snapshot(): OutgoingSnapshot {
    return {
      acked: this.#acked,
      written: this.#written,
      peerReceived: this.#peerReceived,
      ackedSum: this.#ackedSum >>> 0,
      above: this.#above,
      unacknowledged: this.#queue?.messages(this.#acked + 1, this.#sent) ?? [],
    };
  }

  /** What was accepted before is accepted here whatever the limits of this node are. */
  restore(from: OutgoingSnapshot): void {
    this.#acked = this.#sent = this.#allowed = from.acked;
    this.#ackedSum = from.ackedSum | 0;
    this.#written = from.written;
    this.#peerReceived = from.peerReceived;
    this.#above = from.above;
    for (const message of from.unacknowledged) this.#add(message);
    this.#allow();
  }

  #fits(count: number, bytes: number): boolean {
    const { bufferMessagesMax, bufferBytesMax } = this.#buffers;
    return this.#sent + count - this.#acked <= bufferMessagesMax && this.#bytes + bytes <= bufferBytesMax;
  }

  #add(message: Message): void {
    this.#queue ??= new RunQueue();
    this.#sent += 1;
    this.#queue.add(message, this.#sent);
    this.#bytes += message.byteLength;
  }

  #release(ack: number): void {
    const queue = this.#queue as RunQueue;
    const bytes = queue.release(this.#acked, ack);
    this.#acked = ack;
    this.#bytes -= bytes;
    // What was written was allowed, so `ack` is never above `allowed`.
    this.#allowedBytes -= bytes;
    if (!queue.isEmpty) return;
    queue.giveBack();
    this.#queue = null;
  }

  /** Lets the window move over what `acked` and the limits now allow. */
  #allow(): void {
    if (this.#within(1)) {
      // Nothing waits for the window, which is nearly always so.
      this.#allowed = this.#sent;
      this.#allowedBytes = this.#bytes;
    } else this.#allowWhatFits();
    assert(this.#acked <= this.#written, 'acked <= written');
    assert(this.#written <= this.#allowed, 'written <= allowed');
    assert(this.#allowed <= this.#sent, 'allowed <= sent');
  }

  /** One message always fits (SN-22). */
  #allowWhatFits(): void {
    const { messages, bytes } = this.#window;
    while (this.#allowed < this.#sent && this.#allowed - this.#acked < messages) {
      const next = this.#allowedBytes + this.messageAt(this.#allowed + 1).byteLength;
      if (next > bytes && this.#allowed > this.#acked) return;
      this.#allowed += 1;
      this.#allowedBytes = next;
    }
  }

  /** Whether what is buffered fits into this part of the window. */
  #within(part: number): boolean {
    const { messages, bytes } = this.#window;
    return this.#sent - this.#acked <= messages * part && this.#bytes <= bytes * part;
  }

  /** The running checksum of 1 to this number, which is in the queue, or `acked`. */
  #sumTo(number: number): number {
    return this.#queue === null ? this.#ackedSum : this.#queue.sumTo(this.#acked, this.#ackedSum, number);
  }
}
