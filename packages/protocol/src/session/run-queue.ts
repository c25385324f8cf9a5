import { addToSum } from '../checksum.js';
import { messageFromFrame } from '../encoding/framed-message.js';
import { frameHeaderBytes } from '../frame/frame-encoder.js';
import { spareChunksMax } from '../limits.js';
import type { Message } from '../message.js';
import { assert } from './invariant.js';
import type { MessageSheet } from './message-sheet.js';

/**
 * Four values a run, the third its last number:
 * - messages of a sheet: the sheet; the place there where message 0 would lie; `null`
 * - one message that is laid out as a frame: the memory; where in it and how long; its hash. The message is made anew where it is
 *   asked for: kept, it would be an object for the collector to follow, for each that a busy server waits to have acknowledged
 * - any other message: itself; `null`; `null`
 */
type Slot = MessageSheet | Message | Uint8Array | number | null;
const RUN_SLOTS = 4;

/** Of a frame that is not kept as a message, place and length fit into one small number: memory is no longer than this says. */
const LENGTH_BITS = 14;
const LENGTHS = (1 << LENGTH_BITS) - 1;

/** Runs that lie together; behind them stands the next of these. */
const CHUNK_RUNS = 8;
const NEXT = CHUNK_RUNS * RUN_SLOTS;
type Chunk = (Slot | Chunk)[];

/** Chunks that nobody needs now, one behind the other. Taken from here they are old to the collector, which so has nothing to do with them. */
let spare: Chunk | null = null;
let spares = 0;

/**
 * The messages one session waits to have acknowledged, in their order. It knows nothing of counts: the numbers it is given
 * follow each other, from the one after `acked` on.
 *
 * Of a run on a sheet only three values are kept, and the next message of the same sheet changes one of them. So a room
 * costs its subscriber a number a turn, and the collector nothing.
 */
export class RunQueue {
  #first: Chunk = takeChunk();
  #last: Chunk = this.#first;
  /** Where in `#first` the oldest run stands, and where in `#last` the newest ends, in slots. */
  #head = 0;
  #tail = 0;
  /** Above this every number stands in `#last`. */
  #before = 0;

  get isEmpty(): boolean {
    return this.#first === this.#last && this.#head === this.#tail;
  }

  /** How many runs there are. */
  get size(): number {
    let size = (this.#tail - this.#head) / RUN_SLOTS;
    for (let chunk = this.#first; chunk !== this.#last; chunk = chunk[NEXT] as Chunk) size += CHUNK_RUNS;
    return size;
  }

  add(message: Message, number: number): void {
    const { memory, frame, from, byteLength } = message;
    // Whatever its content does not say is kept with it: another kind, a key, an escape in front.
    const plain = frame >= 0 && from - frame === frameHeaderBytes(byteLength) && message.key === undefined;
    if (plain && memory.length <= LENGTHS) this.#put(memory, (frame << LENGTH_BITS) | byteLength, number, message.hash);
    else this.#put(message, null, number, null);
  }

  /** Messages of a sheet from `from` on, as numbers `first` to `last`. */
  addRun(sheet: MessageSheet, from: number, first: number, last: number): void {
    const base = from - first;
    const newest = this.#last;
    const at = this.#tail - RUN_SLOTS;
    // In a chunk that was just begun there is no run before it, and what comes begins a new one.
    const hasRun = at >= (newest === this.#first ? this.#head : 0);
    if (hasRun && newest[at] === sheet && newest[at + 1] === base) newest[at + 2] = last;
    else this.#put(sheet, base, last, null);
  }

  messageAt(number: number): Message {
    const chunk = this.#chunkOf(number);
    return messageIn(chunk, this.#placeIn(chunk, number), number);
  }

  /** Messages `first` to `last`, in one walk: `messageAt` walks from the oldest on for each. */
  messages(first: number, last: number): Message[] {
    const messages: Message[] = [];
    if (first > last) return messages;
    let chunk = this.#chunkOf(first);
    for (let at = this.#placeIn(chunk, first), number = first; number <= last; at += RUN_SLOTS) {
      if (at === NEXT) {
        chunk = chunk[NEXT] as Chunk;
        at = 0;
      }
      const end = Math.min(chunk[at + 2] as number, last);
      for (; number <= end; number += 1) messages.push(messageIn(chunk, at, number));
    }
    return messages;
  }

  /** The frame of that number, where it is one of which no message is kept; else `null`. */
  frameAt(number: number): Uint8Array | null {
    const chunk = this.#chunkOf(number);
    const at = this.#placeIn(chunk, number);
    if (chunk[at + 3] === null) return null;
    const packed = chunk[at + 1] as number;
    const frame = packed >> LENGTH_BITS;
    const byteLength = packed & LENGTHS;
    return (chunk[at] as Uint8Array).subarray(frame, frame + frameHeaderBytes(byteLength) + byteLength);
  }

  /** Memory that is kept alive by what is here; one may be told more than once. */
  eachMemory(tell: (memory: Uint8Array) => void): void {
    let chunk = this.#first;
    for (let at = this.#head; !this.#isEnd(chunk, at); at += RUN_SLOTS) {
      if (at === NEXT) {
        chunk = chunk[NEXT] as Chunk;
        at = 0;
      }
      const item = chunk[at];
      tell(item instanceof Uint8Array ? item : (item as MessageSheet | Message).memory);
    }
  }

  /** The running checksum of 1 to `to`, where that of 1 to `acked` is `sum` (SN-5). */
  sumTo(acked: number, sum: number, to: number): number {
    let total = sum;
    let number = acked;
    let chunk = this.#first;
    for (let at = this.#head; number < to; at += RUN_SLOTS) {
      if (at === NEXT) {
        chunk = chunk[NEXT] as Chunk;
        at = 0;
      }
      const item = chunk[at];
      const base = chunk[at + 1] as number | null;
      const last = Math.min(chunk[at + 2] as number, to);
      const hashAlone = chunk[at + 3] as number | null;
      if (hashAlone !== null) total = addToSum(total, hashAlone);
      else if (base === null) total = addToSum(total, (item as Message).hash);
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
      if (this.#head === NEXT) this.#leaveFirst();
      const chunk = this.#first;
      const at = this.#head;
      const item = chunk[at];
      const base = chunk[at + 1] as number | null;
      const last = chunk[at + 2] as number;
      const end = Math.min(last, ack);
      if (chunk[at + 3] !== null) bytes += (base as number) & LENGTHS;
      else if (base === null) bytes += (item as Message).byteLength;
      else bytes += (item as MessageSheet).bytesOf(number + 1 + base, end + 1 + base);
      if (last <= ack) {
        chunk[at] = null;
        this.#head = at + RUN_SLOTS;
      }
      number = end;
    }
    return bytes;
  }

  /** Forgets every message behind `last`, which is `acked` or one that is here. */
  cut(acked: number, last: number): void {
    const chunk = last === acked ? this.#first : this.#chunkOf(last);
    const tail = last === acked ? this.#head : this.#placeIn(chunk, last) + RUN_SLOTS;
    // What lies behind shall keep nothing alive.
    const end = chunk === this.#last ? this.#tail : NEXT;
    for (let at = tail; at < end; at += RUN_SLOTS) chunk[at] = null;
    chunk[NEXT] = null;
    this.#last = chunk;
    this.#tail = tail;
    this.#before = last;
    if (last !== acked) chunk[tail - 2] = last;
  }

  /** Gives its room to others: once, when all of it is acknowledged, and it is used no more. */
  giveBack(): void {
    giveChunk(this.#first);
  }

  /** Mostly it is the newest. */
  #chunkOf(number: number): Chunk {
    if (number > this.#before) return this.#last;
    let chunk = this.#first;
    while (chunk !== this.#last && (chunk[NEXT - 2] as number) < number) chunk = chunk[NEXT] as Chunk;
    return chunk;
  }

  /** Where in this chunk the run of this number stands. */
  #placeIn(chunk: Chunk, number: number): number {
    const lowest = chunk === this.#first ? this.#head : 0;
    let at = (chunk === this.#last ? this.#tail : NEXT) - RUN_SLOTS;
    while (at > lowest && (chunk[at - 2] as number) >= number) at -= RUN_SLOTS;
    return at;
  }

  #put(item: MessageSheet | Message | Uint8Array, base: number | null, last: number, hash: number | null): void {
    if (this.#tail === NEXT) {
      const chunk = takeChunk();
      this.#before = this.#last[NEXT - 2] as number;
      this.#last[NEXT] = chunk;
      this.#last = chunk;
      this.#tail = 0;
    }
    const chunk = this.#last;
    const at = this.#tail;
    assert(at === 0 || (chunk[at - 2] as number) < last, 'the runs of a queue rise');
    chunk[at] = item;
    chunk[at + 1] = base;
    chunk[at + 2] = last;
    chunk[at + 3] = hash;
    this.#tail = at + RUN_SLOTS;
  }

  /** Every run in it was given back. */
  #leaveFirst(): void {
    const left = this.#first;
    this.#first = left[NEXT] as Chunk;
    this.#head = 0;
    giveChunk(left);
  }

  #isEnd(chunk: Chunk, at: number): boolean {
    return chunk === this.#last && at === this.#tail;
  }
}

/** The message of that number, whose run stands there in the chunk. */
function messageIn(chunk: Chunk, at: number, number: number): Message {
  const item = chunk[at];
  const base = chunk[at + 1] as number | null;
  if (base === null) return item as Message;
  if (chunk[at + 3] === null) return (item as MessageSheet).at(number + base);
  const frame = base >> LENGTH_BITS;
  const byteLength = base & LENGTHS;
  return messageFromFrame(item as Uint8Array, frame, frame + frameHeaderBytes(byteLength), byteLength, 0);
}

function takeChunk(): Chunk {
  const chunk = spare;
  if (chunk === null) return new Array(NEXT + 1).fill(null);
  spare = chunk[NEXT] as Chunk | null;
  spares -= 1;
  chunk[NEXT] = null;
  return chunk;
}

/** Nothing in it is referred to any more. */
function giveChunk(chunk: Chunk): void {
  if (spares >= spareChunksMax) return;
  chunk[NEXT] = spare;
  spare = chunk;
  spares += 1;
}
