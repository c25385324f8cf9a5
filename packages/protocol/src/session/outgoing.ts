import type { Counts } from '../counts.js';
import type { BufferLimits, Window } from '../limits.js';
import type { Message } from '../message.js';
import type { MessageSource } from './contract.js';
import { assert } from './invariant.js';
import type { MessageBatch } from './message-batch.js';
import { RunQueue } from './run-queue.js';

/** State that a hand-over moves to another node (SN-24). */
export interface OutgoingSnapshot {
  readonly acked: number;
  readonly written: number;
  readonly peerReceived: number;
  readonly ackedSum: number;
  /** `send` returned `above`, and `drain` was not called since. */
  readonly above: boolean;
  /** Messages from `acked + 1` on. */
  readonly unacknowledged: readonly Message[];
}

/**
 * Sends this end's messages: numbers them, buffers them until they are acknowledged, and limits writing by the window
 * (SN-1, SN-22, SN-23). `acked <= written <= allowed <= sent` always holds, and `peerReceived <= written`.
 */
export class Outgoing implements MessageSource {
  readonly #window: Window;
  readonly #buffers: BufferLimits;
  /** Allocated lazily, because there are many idle sessions. */
  #queue: RunQueue | null = null;
  /** Messages up to this number are acknowledged and removed from the queue. */
  #acked = 0;
  /** Last number accepted. */
  #sent = 0;
  /** Highest number that the window allows to be written. */
  #allowed = 0;
  /** Highest number ever written to any link. */
  #written = 0;
  /** The peer's `received`, as last stated. */
  #peerReceived = 0;
  /** Bytes of messages `acked + 1` to `sent`, and of those to `allowed`. */
  #bytes = 0;
  #allowedBytes = 0;
  /** Running checksum of messages 1 to `acked`. */
  #ackedSum = 0;
  /** Whether the window (the limit of unacknowledged messages) was exceeded and `drain` was not called since. */
  #above = false;

  /** @param buffers shared, not copied, like `window`, because there are many idle sessions */
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

  /** Bytes accepted and not yet acknowledged. */
  get bufferedAmount(): number {
    return this.#bytes;
  }

  get allowedBytes(): number {
    return this.#allowedBytes;
  }

  /** Running checksum of every accepted message, unsigned. */
  get sum(): number {
    return this.#sumTo(this.#sent) >>> 0;
  }

  /** Returns whether another message of this size would be accepted. */
  accepts(byteLength: number): boolean {
    return this.#fits(1, byteLength);
  }

  /** Numbers a message and buffers it. `above`: accepted beyond the window. `full`: not accepted. */
  accept(message: Message): 'ok' | 'above' | 'full' {
    if (!this.#fits(1, message.byteLength)) return 'full';
    this.#add(message);
    this.#allow();
    if (this.#within(1)) return 'ok';
    this.#above = true;
    return 'above';
  }

  /**
   * Accepts messages `from` to `to` (exclusive) of a batch, like consecutive calls of `accept`.
   *
   * @returns false, without any effect, if not all of them fit
   */
  acceptRun(messageBatch: MessageBatch, from: number, to: number): boolean {
    const bytes = messageBatch.bytesOf(from, to);
    if (!this.#fits(to - from, bytes)) return false;
    const last = this.#sent + to - from;
    this.#queue ??= new RunQueue();
    this.#queue.addRun(messageBatch, from, this.#sent + 1, last);
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

  /** Calls `visit` with each buffer that unacknowledged messages retain; possibly several times with the same. */
  eachMemory(visit: (memory: Uint8Array) => void): void {
    this.#queue?.eachMemory(visit);
  }

  /** Records that messages up to this number were written. */
  wrote(last: number): void {
    assert(last <= this.#allowed, 'written <= allowed');
    if (last > this.#written) this.#written = last;
  }

  /** Returns whether the peer's counts are possible for the messages written to it (SN-5). */
  isPossible({ ack, received, sum }: Counts): boolean {
    if (ack > received || received > this.#written) return false;
    // The checksum of messages before `acked` is no longer known.
    return received < this.#acked || this.#sumTo(received) >>> 0 === sum;
  }

  /**
   * Applies the peer's counts, which must be possible.
   *
   * @returns the result of `drained`
   */
  learn({ ack, received, sum }: Counts): boolean {
    this.#peerReceived = received;
    if (ack <= this.#acked) return false;
    // If everything received is acknowledged, its checksum has just been compared.
    this.#ackedSum = ack === received ? sum : this.#sumTo(ack);
    this.#release(ack);
    this.#allow();
    return this.drained();
  }

  /** Returns once whether half of the window is free and a sender waits for that. */
  drained(): boolean {
    if (!this.#above || !this.#within(0.5)) return false;
    this.#above = false;
    return true;
  }

  /** Returns the messages that were not written to any link yet and so may be replaced (SN-33). */
  unwritten(): readonly Message[] {
    return this.#queue?.messages(this.#written + 1, this.#sent) ?? [];
  }

  /** Replaces the unwritten messages by `kept`, a subset of them. */
  replaceUnwritten(kept: readonly Message[]): void {
    for (const message of this.unwritten()) this.#bytes -= message.byteLength;
    this.#queue?.cut(this.#acked, this.#written);
    this.#sent = this.#allowed = this.#written;
    this.#allowedBytes = this.#bytes;
    for (const message of kept) this.#add(message);
    this.#allow();
  }

  /** Frees the queue. Nothing can be sent afterwards. */
  free(): void {
    this.#queue = null;
  }

  /** Returns the state for a hand-over. */
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

  /** Restores the state of a hand-over. Keeps its messages even if they exceed this node's limits. */
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
    // Written messages were allowed, so `ack` never exceeds `allowed`.
    this.#allowedBytes -= bytes;
    if (!queue.isEmpty) return;
    queue.giveBack();
    this.#queue = null;
  }

  /** Raises `allowed` as far as the window permits. */
  #allow(): void {
    if (this.#within(1)) {
      // In the common case, no message waits for the window.
      this.#allowed = this.#sent;
      this.#allowedBytes = this.#bytes;
    } else this.#allowWhatFits();
    assert(this.#acked <= this.#written, 'acked <= written');
    assert(this.#written <= this.#allowed, 'written <= allowed');
    assert(this.#allowed <= this.#sent, 'allowed <= sent');
  }

  /** Raises `allowed` message by message. At least one always fits (SN-22). */
  #allowWhatFits(): void {
    const { messages, bytes } = this.#window;
    while (this.#allowed < this.#sent && this.#allowed - this.#acked < messages) {
      const next = this.#allowedBytes + this.messageAt(this.#allowed + 1).byteLength;
      if (next > bytes && this.#allowed > this.#acked) return;
      this.#allowed += 1;
      this.#allowedBytes = next;
    }
  }

  /** Returns whether the buffered messages fit into this fraction of the window. */
  #within(part: number): boolean {
    const { messages, bytes } = this.#window;
    return this.#sent - this.#acked <= messages * part && this.#bytes <= bytes * part;
  }

  /** Returns the running checksum of messages 1 to `number`, which must be queued or equal `acked`. */
  #sumTo(number: number): number {
    return this.#queue === null ? this.#ackedSum : this.#queue.sumTo(this.#acked, this.#ackedSum, number);
  }
}
