import { addToSum, SUM_FACTOR } from '../checksum.js';
import { BATCH_BUFFER_MESSAGES_MAX } from '../limits.js';
import type { Message } from '../message.js';

/** Factors for the checksum of k earlier messages (SN-5). */
const powers: Int32Array = createPowers();

/**
 * A batch of consecutive messages for many subscribers, with running totals of bytes and checksums. A session stores
 * only where its part begins and ends, and freeing a part costs the same for any number of messages (SN-27).
 *
 * All messages lie in one buffer, so that a session that waits for one message retains no more memory than that message
 * would.
 */
export class MessageBatch {
  readonly memory: Uint8Array;
  readonly #messages: Message[];
  /** Total bytes of the first k messages, and their checksum from 0. */
  readonly #bytes: number[];
  readonly #sums: number[];

  constructor(first: Message) {
    this.memory = first.memory;
    this.#messages = [first];
    this.#bytes = [0, first.byteLength];
    this.#sums = [0, first.hash];
  }

  /** Number of messages. */
  get length(): number {
    return this.#messages.length;
  }

  /**
   * Adds a message.
   *
   * @returns false if it is full or the message lies in another buffer; the caller must begin a new batch
   */
  add(message: Message): boolean {
    const { length } = this.#messages;
    if (length >= BATCH_BUFFER_MESSAGES_MAX || message.memory !== this.memory) return false;
    this.#messages.push(message);
    this.#bytes.push((this.#bytes[length] as number) + message.byteLength);
    this.#sums.push(addToSum(this.#sums[length] as number, message.hash));
    return true;
  }

  /** Returns the message at an index from 0. */
  at(index: number): Message {
    return this.#messages[index] as Message;
  }

  /** Returns the bytes of messages `from` to `to` (exclusive), counted from 0. */
  bytesOf(from: number, to: number): number {
    return (this.#bytes[to] as number) - (this.#bytes[from] as number);
  }

  /** Returns the running checksum after these messages, given the one before them. */
  addSum(sum: number, from: number, to: number): number {
    // Both totals include the messages before `from`, so their common part cancels out and `sum` replaces it.
    const power = powers[to - from] as number;
    return (Math.imul(sum - (this.#sums[from] as number), power) + (this.#sums[to] as number)) | 0;
  }
}

function createPowers(): Int32Array {
  const list = new Int32Array(BATCH_BUFFER_MESSAGES_MAX + 1);
  list[0] = 1;
  for (let k = 1; k <= BATCH_BUFFER_MESSAGES_MAX; k += 1) list[k] = Math.imul(list[k - 1] as number, SUM_FACTOR);
  return list;
}
