import type { Message } from '../message.js';
import type { Verdict } from './contract.js';
import type { MessageSheet } from './message-sheet.js';
import { RunQueue } from './run-queue.js';
import { SessionCore } from './session-core.js';

/** What of the server's end has to do with many sessions being sent the same: it keeps runs of messages, not messages (SN-27). */
export abstract class RunSession extends SessionCore {
  /** `null` until needed: idle sessions are many. */
  protected queue: RunQueue | null = null;

  /**
   * Accepts messages `from` to `to` of a sheet, the last not included, as `send` would one after the other.
   *
   * @returns false where it did nothing, because not all of them would be accepted: they are to be sent one by one.
   */
  sendRun(sheet: MessageSheet, from: number, to: number): boolean {
    const whole = this.accept(sheet, from, to);
    if (whole) this.touch();
    return whole;
  }

  protected accept(sheet: MessageSheet, from: number, to: number): boolean {
    if (this.done || this.closingAt !== undefined) return false;
    const { sent, buffers } = this;
    const bufferedAmount = this.bufferedAmount + sheet.bytesOf(from, to);
    const last = sent + to - from;
    if (last - this.acked > buffers.bufferMessagesMax || bufferedAmount > buffers.bufferBytesMax) return false;
    this.queue ??= new RunQueue();
    this.queue.addRun(sheet, from, sent + 1, last);
    this.sent = last;
    this.bufferedAmount = bufferedAmount;
    this.allow();
    this.above ||= !this.within(1);
    return true;
  }

  override messageAt(number: number): Message {
    return (this.queue as RunQueue).messageAt(number);
  }

  frameAt(number: number): Uint8Array | null {
    return (this.queue as RunQueue).frameAt(number);
  }

  /** Memory that is kept alive by what is not acknowledged; one may be told more than once. */
  eachMemory(tell: (memory: Uint8Array) => void): void {
    this.queue?.eachMemory(tell);
  }

  protected override keep(message: Message): void {
    this.queue ??= new RunQueue();
    this.queue.add(message, this.sent + 1);
  }

  protected override release(ack: number): number {
    const queue = this.queue as RunQueue;
    const bytes = queue.release(this.acked, ack);
    if (queue.isEmpty) {
      queue.giveBack();
      this.queue = null;
    }
    return bytes;
  }

  protected override sumTo(number: number): number {
    return this.queue === null ? this.ackedSum : this.queue.sumTo(this.acked, this.ackedSum, number);
  }

  protected override finish(clean: boolean, code: string): Verdict {
    this.queue = null;
    return super.finish(clean, code);
  }

  protected override allow(): void {
    if (this.within(1)) {
      // Nothing waits for the window, which is nearly always so.
      this.allowed = this.sent;
      this.allowedBytes = this.bufferedAmount;
    } else super.allow();
  }
}
