import type { Message } from '../message.js';
import type { MessageSheet } from './message-sheet.js';

/** A run: its sheet, or the one message it is; the place in the sheet where message 0 would lie, `null` for one message; its last number. */
type Slot = MessageSheet | Message | number | null;
const RUN_SLOTS = 3;

/**
 * The messages one session waits to have acknowledged, in their order. It knows nothing of counts: the numbers it is given
 * follow each other, from the one after `acked` on.
 *
 * Of a run on a sheet only three values are kept, and the next message of the same sheet changes one of them. So a room
 * costs its subscriber a number a turn, and the collector nothing.
 */
export class RunQueue {
  /** A ring of runs; their number is a power of two. */
  #slots: Slot[] = [null, 0, 0, null, 0, 0];
  #head = 0;
  #size = 0;

  /** How many runs there is room for. */
  get room(): number {
    return this.#slots.length / RUN_SLOTS;
  }

  add(message: Message, number: number): void {
    this.#put(message, null, number);
  }

  /** Messages of a sheet from `from` on, as numbers `first` to `last`. */
  addRun(sheet: MessageSheet, from: number, first: number, last: number): void {
    const base = from - first;
    if (this.#size > 0) {
      const at = this.#at(this.#size - 1);
      if (this.#slots[at] === sheet && this.#slots[at + 1] === base) {
        this.#slots[at + 2] = last;
        return;
      }
    }
    this.#put(sheet, base, last);
  }

  messageAt(number: number): Message {
    const at = this.#find(number);
    const item = this.#slots[at];
    const base = this.#slots[at + 1] as number | null;
    return base === null ? (item as Message) : (item as MessageSheet).at(number + base);
  }

  /** The running checksum of 1 to `to`, where that of 1 to `acked` is `sum` (SN-5). */
  sumTo(acked: number, sum: number, to: number): number {
    let total = sum;
    let number = acked;
    for (let index = 0; number < to; index += 1) {
      const at = this.#at(index);
      const item = this.#slots[at];
      const base = this.#slots[at + 1] as number | null;
      const last = Math.min(this.#slots[at + 2] as number, to);
      if (base === null) total = (Math.imul(total, 31) + (item as Message).sum) | 0;
      else total = (item as MessageSheet).addSum(total, number + 1 + base, last + 1 + base);
      number = last;
    }
    return total;
  }

  /** Frees messages `acked + 1` to `ack`. @returns their bytes */
  release(acked: number, ack: number): number {
    let bytes = 0;
    let number = acked;
    while (number < ack) {
      const at = this.#at(0);
      const item = this.#slots[at];
      const base = this.#slots[at + 1] as number | null;
      const last = this.#slots[at + 2] as number;
      const end = Math.min(last, ack);
      if (base === null) bytes += (item as Message).byteLength;
      else bytes += (item as MessageSheet).bytesOf(number + 1 + base, end + 1 + base);
      if (last <= ack) {
        this.#slots[at] = null;
        this.#head = (this.#head + 1) & (this.room - 1);
        this.#size -= 1;
      }
      number = end;
    }
    return bytes;
  }

  /** Forgets every message behind `last`, which is `acked` or one that is here. */
  cut(acked: number, last: number): void {
    while (this.#size > 0) {
      const before = this.#size > 1 ? this.#lastOf(this.#size - 2) : acked;
      if (before < last) break;
      this.#size -= 1;
      this.#slots[this.#at(this.#size)] = null;
    }
    if (this.#size > 0) this.#slots[this.#at(this.#size - 1) + 2] = last;
  }

  /** Where the run of this number stands. Mostly it is the newest. */
  #find(number: number): number {
    let high = this.#size - 1;
    let low = high > 0 && number <= this.#lastOf(high - 1) ? 0 : high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lastOf(middle) < number) low = middle + 1;
      else high = middle;
    }
    return this.#at(low);
  }

  #put(item: MessageSheet | Message, base: number | null, last: number): void {
    if (this.#size === this.room) this.#grow();
    const at = this.#at(this.#size);
    this.#slots[at] = item;
    this.#slots[at + 1] = base;
    this.#slots[at + 2] = last;
    this.#size += 1;
  }

  #grow(): void {
    const slots: Slot[] = new Array(this.#slots.length * 2).fill(null);
    for (let index = 0; index < this.#size; index += 1) {
      const at = this.#at(index);
      for (let part = 0; part < RUN_SLOTS; part += 1) slots[index * RUN_SLOTS + part] = this.#slots[at + part] as Slot;
    }
    this.#slots = slots;
    this.#head = 0;
  }

  #lastOf(index: number): number {
    return this.#slots[this.#at(index) + 2] as number;
  }

  /** The place of the run with this index from the oldest. */
  #at(index: number): number {
    return ((this.#head + index) & (this.room - 1)) * RUN_SLOTS;
  }
}
