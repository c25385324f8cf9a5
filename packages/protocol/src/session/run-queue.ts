import { addToSum } from '../checksum.js';
import { messageFromFrame } from '../encoding/framed-message.js';
import { frameHeaderBytes } from '../frame/frame-encoder.js';
import { SPARE_CHUNKS_MAX } from '../limits.js';
import type { Message } from '../message.js';
import { assert } from './invariant.js';
import type { MessageBatch } from './message-batch.js';

/**
 * A run is one message, or consecutive messages of one batch. Each run takes four values. The third is the number of its
 * last message. The first, second and fourth are, depending on its kind:
 * - messages of a batch: the batch; a number to add to a message's number to get its index in the batch; `null`
 * - one message laid out as a frame: the buffer; the packed offset and length; its hash. The message is not kept as an
 *   object but created again on demand, because a busy server has very many unacknowledged messages, and each object
 *   would be work for the garbage collector
 * - any other message: the message; `null`; `null`
 */
type Slot = MessageBatch | Message | Uint8Array | number | null;
const RUN_SLOTS = 4;

/** Offset and length of such a frame are packed into one small number. Longer buffers do not use this form. */
const LENGTH_BITS = 14;
const LENGTHS = (1 << LENGTH_BITS) - 1;

/** Runs in one chunk. The slot after them holds the next chunk. */
const CHUNK_RUNS = 8;
const NEXT = CHUNK_RUNS * RUN_SLOTS;
type Chunk = (Slot | Chunk)[];

/** Linked list of unused chunks. The garbage collector has promoted them already, so reusing them causes it no work. */
let spare: Chunk | null = null;
let spares = 0;

/**
 * Queues the messages of one session until they are acknowledged. It keeps no counts: the caller passes them, and numbers
 * the messages consecutively from `acked + 1` on.
 *
 * A run of a batch takes the same four values for any number of messages, and adding the next message of the same batch
 * changes only one of them. So a busy topic costs each subscriber one number per tick, and no garbage collection.
 */
export class RunQueue {
  #first: Chunk = takeChunk();
  #last: Chunk = this.#first;
  /** Slot of the oldest run in `#first`, and slot after the newest run in `#last`. */
  #head = 0;
  #tail = 0;
  /** Every message with a number above this one is in the chunk `#last`. */
  #before = 0;

  get isEmpty(): boolean {
    return this.#first === this.#last && this.#head === this.#tail;
  }

  /** Number of runs. */
  get size(): number {
    let size = (this.#tail - this.#head) / RUN_SLOTS;
    for (let chunk = this.#first; chunk !== this.#last; chunk = chunk[NEXT] as Chunk) size += CHUNK_RUNS;
    return size;
  }

  /** Adds a message as the next number. */
  add(message: Message, number: number): void {
    const { memory, frame, from, byteLength } = message;
    // A message is kept as an object if its frame does not describe it fully: another kind, a key, or an escape.
    const plain = frame >= 0 && from - frame === frameHeaderBytes(byteLength) && message.key === undefined;
    if (plain && memory.length <= LENGTHS) this.#put(memory, (frame << LENGTH_BITS) | byteLength, number, message.hash);
    else this.#put(message, null, number, null);
  }

  /** Adds messages of a batch from index `from` on, as numbers `first` to `last`. */
  addRun(messageBatch: MessageBatch, from: number, first: number, last: number): void {
    const base = from - first;
    const newest = this.#last;
    const at = this.#tail - RUN_SLOTS;
    // A new chunk has no previous run to extend.
    const hasRun = at >= (newest === this.#first ? this.#head : 0);
    if (hasRun && newest[at] === messageBatch && newest[at + 1] === base) newest[at + 2] = last;
    else this.#put(messageBatch, base, last, null);
  }

  /** Returns the message of a queued number. */
  messageAt(number: number): Message {
    const chunk = this.#chunkOf(number);
    return messageIn(chunk, this.#placeIn(chunk, number), number);
  }

  /** Returns messages `first` to `last` in one pass, where `messageAt` would start from the oldest for each. */
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

  /** Returns the frame of a message that is not kept as an object; otherwise `null`. */
  frameAt(number: number): Uint8Array | null {
    const chunk = this.#chunkOf(number);
    const at = this.#placeIn(chunk, number);
    if (chunk[at + 3] === null) return null;
    const packed = chunk[at + 1] as number;
    const frame = packed >> LENGTH_BITS;
    const byteLength = packed & LENGTHS;
    return (chunk[at] as Uint8Array).subarray(frame, frame + frameHeaderBytes(byteLength) + byteLength);
  }

  /** Calls `visit` with each buffer that the queue retains; possibly several times with the same. */
  eachMemory(visit: (memory: Uint8Array) => void): void {
    let chunk = this.#first;
    for (let at = this.#head; !this.#isEnd(chunk, at); at += RUN_SLOTS) {
      if (at === NEXT) {
        chunk = chunk[NEXT] as Chunk;
        at = 0;
      }
      const item = chunk[at];
      visit(ArrayBuffer.isView(item) ? (item as Uint8Array) : (item as MessageBatch | Message).memory);
    }
  }

  /** Returns the running checksum of messages 1 to `to`, given the one of 1 to `acked` as `sum` (SN-5). */
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
      else total = (item as MessageBatch).addSum(total, number + 1 + base, last + 1 + base);
      number = last;
    }
    return total;
  }

  /** Removes messages `acked + 1` to `ack`. @returns their bytes */
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
      else bytes += (item as MessageBatch).bytesOf(number + 1 + base, end + 1 + base);
      if (last <= ack) {
        chunk[at] = null;
        this.#head = at + RUN_SLOTS;
      }
      number = end;
    }
    return bytes;
  }

  /** Removes every message after `last`, which must be `acked` or queued. */
  cut(acked: number, last: number): void {
    const chunk = last === acked ? this.#first : this.#chunkOf(last);
    const tail = last === acked ? this.#head : this.#placeIn(chunk, last) + RUN_SLOTS;
    // Clears the slots after it, so that they retain nothing.
    const end = chunk === this.#last ? this.#tail : NEXT;
    for (let at = tail; at < end; at += RUN_SLOTS) chunk[at] = null;
    chunk[NEXT] = null;
    this.#last = chunk;
    this.#tail = tail;
    this.#before = last;
    if (last !== acked) chunk[tail - 2] = last;
  }

  /** Releases its last chunk for reuse. The queue must be empty and must not be used afterwards. */
  giveBack(): void {
    giveChunk(this.#first);
  }

  /** Returns the chunk with a number, which usually is the newest one. */
  #chunkOf(number: number): Chunk {
    if (number > this.#before) return this.#last;
    let chunk = this.#first;
    while (chunk !== this.#last && (chunk[NEXT - 2] as number) < number) chunk = chunk[NEXT] as Chunk;
    return chunk;
  }

  /** Returns the slot of the run with this number in a chunk. */
  #placeIn(chunk: Chunk, number: number): number {
    const lowest = chunk === this.#first ? this.#head : 0;
    let at = (chunk === this.#last ? this.#tail : NEXT) - RUN_SLOTS;
    while (at > lowest && (chunk[at - 2] as number) >= number) at -= RUN_SLOTS;
    return at;
  }

  #put(item: MessageBatch | Message | Uint8Array, base: number | null, last: number, hash: number | null): void {
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

  /** Releases the first chunk, whose runs were all removed. */
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

/** Returns the message of a number, given the chunk and slot of its run. */
function messageIn(chunk: Chunk, at: number, number: number): Message {
  const item = chunk[at];
  const base = chunk[at + 1] as number | null;
  if (base === null) return item as Message;
  if (chunk[at + 3] === null) return (item as MessageBatch).at(number + base);
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

/** Releases a chunk, whose slots must be cleared. */
function giveChunk(chunk: Chunk): void {
  if (spares >= SPARE_CHUNKS_MAX) return;
  chunk[NEXT] = spare;
  spare = chunk;
  spares += 1;
}
