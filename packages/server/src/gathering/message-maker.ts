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

/**
 * Bytes of a slab, which is memory for many messages. A message that waits to be sent keeps its whole slab in memory,
 * like a buffer from Node's own pool, which has the same size.
 */
const SLAB_BYTES = 8 << 10;
const NO_SLAB = Buffer.alloc(0);

/**
 * Creates the messages that a server sends. Their serials rise over all sessions and topics, so that the first and the
 * last message identify a run of messages (SN-27). A text is encoded once, as the frame that will be sent. Many frames
 * share one slab, so a message needs only one object.
 */
export class MessageMaker {
  readonly #messageBytesMax: number;
  readonly #onAllocated: () => number;
  /** Bytes that may be allocated before `onAllocated` is called again. */
  #allowance: number;
  #serial = 0;
  #slab: Buffer = NO_SLAB;
  /** Used bytes of the slab. */
  #at = 0;
  #handling: Message | null = null;
  #handlingText: string | null = null;
  /** The last received message, if its text is ASCII. Its text is then decoded in a third of the time. */
  #ascii: Message | null = null;
  /** The last message that was forwarded unchanged. */
  #passed: Message | null = null;
  /** The last text and its message, so that a text for many topics is in memory only once. */
  #text: string | null = null;
  #made: Message | null = null;

  /**
   * @param allowance bytes of messages that may be allocated before `onAllocated` is called
   * @param onAllocated returns how many more bytes may be allocated before its next call; `allow` may change that later
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

  /** Sets the bytes that may be allocated before `onAllocated` is called again. */
  allow(bytes: number): void {
    this.#allowance = bytes;
  }

  /**
   * Returns the data of a message for the application. Does not store the decoded text in the message, because the
   * message needs only its bytes while it waits for its acknowledgement.
   */
  dataOf(message: Message): string | Uint8Array {
    const { binary, memory, from, byteLength } = message;
    // A Buffer decodes a short text in a third of a TextDecoder's time.
    if (binary || !Buffer.isBuffer(memory)) return message.data;
    return memory.toString(message === this.#ascii ? 'latin1' : 'utf8', from, from + byteLength);
  }

  /** Marks the start of a message's handler. If the handler sends the received data, the data is not encoded again. */
  beginHandling(message: Message, data: string | Uint8Array): void {
    // Only for text. Bytes are copied in any case, because the application may change them.
    if (typeof data !== 'string') return;
    this.#handling = message;
    this.#handlingText = data;
  }

  /** Marks the end of a message's handler. */
  endHandling(): void {
    this.#handling = null;
    this.#handlingText = null;
  }

  /** Checks the size like `make`. @throws WireError `message_too_big` */
  check(data: string | Uint8Array): void {
    this.#checkSize(typeof data === 'string' ? Buffer.byteLength(data) : data.length);
  }

  /**
   * Creates a message of the application. Copies bytes, so that the application may reuse its memory.
   *
   * @throws WireError `message_too_big`
   */
  make(data: string | Uint8Array): Message {
    if (typeof data !== 'string') {
      this.#checkSize(data.length);
      this.#allocated(data.length);
      return messageFromBytes(new Uint8Array(data), ++this.#serial);
    }
    // If the handler forwards the data, both are the same string object, and the comparison costs nothing.
    if (this.#handling !== null && this.#handlingText === data) return this.#passOn(this.#handling);
    if (this.#made !== null && this.#text === data) return messageAgain(this.#made, ++this.#serial);
    this.#text = data;
    this.#made = this.#makeText(data);
    return this.#made;
  }

  /** Returns the next serial, for a message that another process created (SN-24). */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** Creates a message of typed items; `null` if it is too long. */
  makeTyped(items: TypedItems): TypedMessage | null {
    const message = new TypedMessage(items, this.#serial + 1);
    if (message.byteLength > this.#messageBytesMax) return null;
    this.#serial += 1;
    return message;
  }

  /**
   * Creates a message from the payload `bytes[from..to)` of a text frame that does not start with U+0000. Copies it, so
   * that a short waiting message does not keep the bytes that arrived with it.
   *
   * @param key the masking key as an int32; 0 for an unmasked payload
   * @returns `null` if it is not UTF-8
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

  /**
   * Returns the message itself if no other was created since it arrived and it was not returned before; otherwise a
   * copy with a later serial.
   */
  #passOn(message: Message): Message {
    if (message.serial !== this.#serial || message === this.#passed) return messageAgain(message, ++this.#serial);
    this.#passed = message;
    return message;
  }

  #makeText(text: string): Message {
    const length = Buffer.byteLength(text);
    this.#checkSize(length);
    // A text that starts with U+0000 is prefixed with another one on the wire (SN-16).
    const escaped = text.charCodeAt(0) === 0 ? 1 : 0;
    const header = frameHeaderBytes(length + escaped);
    const memory = this.#room(header + escaped + length);
    const frame = this.#at;
    const start = frame + header + escaped;
    writeFrameHeader(memory, frame, OPCODE.text, length + escaped);
    if (escaped > 0) memory[start - 1] = 0;
    // A lone surrogate becomes U+FFFD here, as `byteLength` counted it (SN-18).
    memory.write(text, start);
    this.#at = start + length;
    return messageFromFrame(memory, frame, start, length, ++this.#serial);
  }

  /** Returns memory with room for one frame at `#at`. The caller must advance `#at` by the bytes that it used. */
  #room(bytes: number): Buffer {
    if (bytes > this.#slab.length - this.#at) {
      // A long frame gets its own memory, so that a short message that waits does not keep a long one in memory.
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
