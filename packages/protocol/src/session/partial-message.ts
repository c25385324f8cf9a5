import { decodeBase64 } from '../encoding/base64.js';
import { hasRecordShape } from '../encoding/json-shape.js';
import { type Message, messageFromBytes, messageFromUtf8 } from '../message.js';
import type { BodyRecord } from '../record.js';
import { readTyped } from '../typed-message.js';
import { checkUtf8, UTF8_BOUNDARY } from '../utf8.js';
import { PART_OF, type PartFields } from './message-part.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Initial buffer for a message that arrives in parts. */
const LEAST_BYTES = 1024;

/** A body with a part whose fields are consistent. */
export type PartRecord = BodyRecord & PartFields;

/** Returns whether the fields of a part are consistent and within the limit (SN-45). Does not decode its content. */
export function isPart(record: BodyRecord, messageBytesMax: number): record is PartRecord {
  const { part = '', at = messageBytesMax, of = 0, as = NEVER, first, count } = record;
  const isPlace = at < of && of <= messageBytesMax;
  return isPlace && part !== '' && as <= PART_OF.typed && first > 0 && count === 0;
}

/** Assembles one message from parts. Allocates memory as bytes arrive, regardless of the announced length (SN-45). */
export class PartialMessage {
  readonly #of: number;
  readonly #as: number;
  #bytes: Uint8Array;
  #held = 0;

  constructor({ of, as }: PartFields) {
    this.#of = of;
    this.#as = as;
    this.#bytes = new Uint8Array(Math.min(of, LEAST_BYTES));
  }

  /** The number of bytes held, from the beginning of the message. */
  get held(): number {
    return this.#held;
  }

  /** Whether all bytes have arrived. */
  get isWhole(): boolean {
    return this.#held === this.#of;
  }

  /** Returns whether the part can belong to the same message. */
  fits({ of, as }: PartFields): boolean {
    return of === this.#of && as === this.#as;
  }

  /**
   * Takes the bytes of a part that follow the held ones. Ignores a part that begins later or is not new.
   *
   * @returns false if the part is invalid
   */
  take({ part, at }: PartFields): boolean {
    const bytes = decodeBase64(part);
    if (bytes === null || at + bytes.length > this.#of) return false;
    const end = at + bytes.length;
    if (at > this.#held || end <= this.#held) return true;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#of, Math.max(end, 2 * this.#bytes.length)));
      larger.set(this.#bytes.subarray(0, this.#held));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(this.#held - at), this.#held);
    this.#held = end;
    return true;
  }

  /** Returns the message, which must be whole; `null` if its content is not valid for its kind. */
  message(): Message | null {
    const bytes = this.#bytes;
    if (this.#as === PART_OF.binary) return messageFromBytes(bytes);
    if (checkUtf8(UTF8_BOUNDARY, bytes, 0, bytes.length) !== UTF8_BOUNDARY) return null;
    return this.#as === PART_OF.text ? messageFromUtf8(bytes) : typedFrom(bytes);
  }
}

function typedFrom(bytes: Uint8Array): Message | null {
  if (!hasRecordShape(bytes)) return null;
  try {
    return readTyped(JSON.parse(messageFromUtf8(bytes).text));
  } catch {
    return null;
  }
}
