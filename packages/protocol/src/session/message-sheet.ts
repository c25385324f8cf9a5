import { addToSum, sumFactor } from '../checksum.js';
import { sheetMessagesMax } from '../limits.js';
import type { Message } from '../message.js';

/** What the checksum of so many earlier messages is multiplied by (SN-5). */
const powers: Int32Array = createPowers();

/**
 * Messages that were sent to many one after the other, with their bytes and checksums counted up: what one session keeps of
 * them is where its part begins and ends, and giving back a part costs the same however many messages are in it (SN-27).
 *
 * All of them lie in one memory, so that who waits for one message keeps no more memory alive than that message would.
 */
export class MessageSheet {
  readonly memory: Uint8Array;
  readonly #messages: Message[];
  /** Bytes, and checksum from nothing, of the first k messages. */
  readonly #bytes: number[];
  readonly #sums: number[];

  constructor(first: Message) {
    this.memory = first.memory;
    this.#messages = [first];
    this.#bytes = [0, first.byteLength];
    this.#sums = [0, first.hash];
  }

  get length(): number {
    return this.#messages.length;
  }

  /** @returns false where it does not belong here: a new sheet is to be begun. */
  add(message: Message): boolean {
    const { length } = this.#messages;
    if (length >= sheetMessagesMax || message.memory !== this.memory) return false;
    this.#messages.push(message);
    this.#bytes.push((this.#bytes[length] as number) + message.byteLength);
    this.#sums.push(addToSum(this.#sums[length] as number, message.hash));
    return true;
  }

  at(index: number): Message {
    return this.#messages[index] as Message;
  }

  /** Bytes of messages `from` to `to`, counted from 0, the last not included. */
  bytesOf(from: number, to: number): number {
    return (this.#bytes[to] as number) - (this.#bytes[from] as number);
  }

  /** The running checksum `sum` after these messages. */
  addSum(sum: number, from: number, to: number): number {
    // Both run over the messages before `from`, so what they have in common is what `sum` takes the place of.
    const power = powers[to - from] as number;
    return (Math.imul(sum - (this.#sums[from] as number), power) + (this.#sums[to] as number)) | 0;
  }
}

function createPowers(): Int32Array {
  const list = new Int32Array(sheetMessagesMax + 1);
  list[0] = 1;
  for (let k = 1; k <= sheetMessagesMax; k += 1) list[k] = Math.imul(list[k - 1] as number, sumFactor);
  return list;
}
