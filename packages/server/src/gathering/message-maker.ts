import { isUtf8 } from 'node:buffer';
import {
  frameHeaderBytes,
  type Message,
  messageAgain,
  messageFromBytes,
  messageFromFrame,
  OPCODE,
  type TypedItems,
  TypedMessage,
  unmaskInto,
  writeFrameHeader,
} from '@everywire/protocol/internal';
import { refusal } from '../refusal.js';

/** One message that waits keeps the slab it lies in: as much as a Buffer from Node's own pool would keep. */
const SLAB_BYTES = 8 << 10;
const NO_SLAB = Buffer.alloc(0);

/**
 * Makes the messages a server sends. Their serials rise over all sessions and topics, so that a run of them is known by its
 * ends (SN-27). Text is laid out as the frame it will be sent as, many of them in one slab: one object a message.
 */
export class MessageMaker {
  readonly #messageBytesMax: number;
  readonly #onAllocated: () => number;
  /** Bytes that may be allocated before `onAllocated` is asked again. */
  #allowance: number;
  #serial = 0;
  #slab: Buffer = NO_SLAB;
  /** What is used of it. */
  #at = 0;
  #handling: Message | null = null;
  #handlingText: string | null = null;
  /** The last message that came whose text is ASCII alone: it is decoded in a third of the time. */
  #ascii: Message | null = null;
  /** The last message that was passed on as it is. */
  #passed: Message | null = null;
  /** The last text that was made, and its message: one text for many topics lies in memory once. */
  #text: string | null = null;
  #made: Message | null = null;

  /**
   * @param allowance bytes of messages that may be allocated before `onAllocated` is called
   * @param onAllocated says how many more; `allow` may say so later
   */
  constructor(
    messageBytesMax: number,
    allowance: number = Number.POSITIVE_INFINITY,
    onAllocated: () => number = () => allowance,
  ) {
    this.#messageBytesMax = messageBytesMax;
    this.#allowance = allowance;
    this.#onAllocated = onAllocated;
  }

  allow(bytes: number): void {
    this.#allowance = bytes;
  }

  /**
   * What the application gets of a message. Its text is not kept with it: a message waits for its acknowledgement, and its
   * bytes are enough for that.
   */
  dataOf(message: Message): string | Uint8Array {
    const { binary, memory, from, byteLength } = message;
    // A Buffer decodes a short text in a third of a TextDecoder's time.
    if (binary || !Buffer.isBuffer(memory)) return message.data;
    return memory.toString(message === this.#ascii ? 'latin1' : 'utf8', from, from + byteLength);
  }

  /** The handler of this message runs from here on: where it passes on what it got, nothing is made anew. */
  beginHandling(message: Message, data: string | Uint8Array): void {
    // Bytes are the application's to change, so they are copied all the same.
    if (typeof data !== 'string') return;
    this.#handling = message;
    this.#handlingText = data;
  }

  endHandling(): void {
    this.#handling = null;
    this.#handlingText = null;
  }

  /** @throws WireError `message_too_big`, as `make` would */
  check(data: string | Uint8Array): void {
    this.#checkSize(typeof data === 'string' ? Buffer.byteLength(data) : data.length);
  }

  /**
   * From the application. Bytes are copied: it may go on using its memory.
   *
   * @throws WireError `message_too_big`
   */
  make(data: string | Uint8Array): Message {
    if (typeof data !== 'string') {
      this.#checkSize(data.length);
      this.#allocated(data.length);
      return messageFromBytes(new Uint8Array(data), ++this.#serial);
    }
    // Mostly the very string, so that the comparison costs nothing.
    if (this.#handling !== null && this.#handlingText === data) return this.#passOn(this.#handling);
    if (this.#made !== null && this.#text === data) return messageAgain(this.#made, ++this.#serial);
    this.#text = data;
    this.#made = this.#makeText(data);
    return this.#made;
  }

  /** The next serial, for a message that another process made (SN-24). */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** What is not the application's own; `null` where it is too long. */
  makeTyped(items: TypedItems): TypedMessage | null {
    const message = new TypedMessage(items, this.#serial + 1);
    if (message.byteLength > this.#messageBytesMax) return null;
    this.#serial += 1;
    return message;
  }

  /**
   * From the payload `bytes[from..to)` of a text frame that does not begin with U+0000. Nothing of it is referred to
   * afterwards: it is copied, so that a short message that waits does not keep what came with it.
   *
   * @param key the masking key as one int32; 0 for a payload that is unmasked already.
   * @returns `null` where it is no UTF-8.
   */
  received(bytes: Uint8Array, from: number, to: number, key: number): Message | null {
    const length = to - from;
    const header = frameHeaderBytes(length);
    const memory = this.#room(header + length);
    const frame = this.#at;
    const start = frame + header;
    const seen = unmaskInto(memory, start, bytes, from, to, key);
    if (seen >= 0x80 && !isUtf8(memory.subarray(start, start + length))) return null;
    writeFrameHeader(memory, frame, OPCODE.text, length);
    this.#at = start + length;
    const message = messageFromFrame(memory, frame, start, length, ++this.#serial);
    if (seen < 0x80) this.#ascii = message;
    return message;
  }

  /** The message itself, once, if nothing was made since it came; else the same with a later serial. */
  #passOn(message: Message): Message {
    if (message.serial !== this.#serial || message === this.#passed) return messageAgain(message, ++this.#serial);
    this.#passed = message;
    return message;
  }

  #makeText(text: string): Message {
    const length = Buffer.byteLength(text);
    this.#checkSize(length);
    // A text that begins with U+0000 has one more in front on the wire (SN-16).
    const escaped = text.charCodeAt(0) === 0 ? 1 : 0;
    const header = frameHeaderBytes(length + escaped);
    const memory = this.#room(header + escaped + length);
    const frame = this.#at;
    const start = frame + header + escaped;
    writeFrameHeader(memory, frame, OPCODE.text, length + escaped);
    if (escaped > 0) memory[start - 1] = 0;
    // A lone surrogate becomes U+FFFD here, as `byteLength` has counted it (SN-18).
    memory.write(text, start);
    this.#at = start + length;
    return messageFromFrame(memory, frame, start, length, ++this.#serial);
  }

  /** Memory for one frame, from `#at` on; what is not used there is given to the next. */
  #room(bytes: number): Buffer {
    if (bytes > this.#slab.length - this.#at) {
      // Frames lie back to back, so that none costs a view or a memory of its own; but a long one shall pin no short ones.
      this.#slab = Buffer.allocUnsafeSlow(bytes > SLAB_BYTES / 2 ? bytes : SLAB_BYTES);
      this.#at = 0;
      this.#allocated(this.#slab.length);
    }
    return this.#slab;
  }

  #allocated(bytes: number): void {
    this.#allowance -= bytes;
    if (this.#allowance < 0) this.#allowance = this.#onAllocated();
  }

  #checkSize(length: number): void {
    if (length > this.#messageBytesMax) throw refusal('message_too_big');
  }
}
