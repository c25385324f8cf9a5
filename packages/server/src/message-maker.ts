import {
  frameHeaderBytes,
  type Message,
  messageAgain,
  messageFromBytes,
  messageFromFrame,
  OPCODE,
  writeFrameHeader,
} from '@everywire/protocol/internal';
import { WireError } from './wire-error.js';

/** A message that waits keeps the whole chunk it came in: at most this many times its own length. */
const PINNED_RATIO_MAX = 4;

/**
 * Makes the messages a server sends. Their serials rise over all sessions and topics, so that a run of them is known by its
 * ends (SN-27). Text is laid out as the frame it will be sent as, in memory taken from Node's pool: one allocation a message.
 */
export class MessageMaker {
  readonly #messageBytesMax: number;
  #serial = 0;
  #handling: Message | null = null;
  #handlingText: string | null = null;
  /** The last message that was passed on as it is. */
  #passed: Message | null = null;

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /**
   * What the application gets of a message. Its text is not kept with it: a message waits for its acknowledgement, and its
   * bytes are enough for that.
   */
  dataOf(message: Message): string | Uint8Array {
    const { binary, bytes } = message;
    // A Buffer decodes a short text in a third of a TextDecoder's time.
    return !binary && Buffer.isBuffer(bytes) ? bytes.toString('utf8') : message.data;
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

  /**
   * From the application. Bytes are copied: it may go on using its memory.
   *
   * @throws WireError `message_too_big`
   */
  make(data: string | Uint8Array): Message {
    if (typeof data !== 'string') {
      this.#checkSize(data.length);
      return messageFromBytes(new Uint8Array(data), ++this.#serial);
    }
    // Mostly the very string, so that the comparison costs nothing.
    if (this.#handling !== null && this.#handlingText === data) return this.#passOn(this.#handling);
    return this.#makeText(data);
  }

  /**
   * From the payload of a text frame, already known to be UTF-8, that does not begin with U+0000.
   *
   * @param chunk what was read from the socket, which belongs to nobody else. Where the frame came whole in it, its header is
   *   written anew in front of the payload: a masked header is four bytes longer, so there is room within this very frame.
   */
  received(payload: Buffer, chunk: Buffer): Message {
    const { length } = payload;
    const header = frameHeaderBytes(length);
    const before = payload.byteOffset - chunk.byteOffset;
    const inPlace =
      payload.buffer === chunk.buffer && before >= header + 4 && chunk.length <= length * PINNED_RATIO_MAX;
    const frame = inPlace ? chunk.subarray(before - header, before + length) : Buffer.allocUnsafe(header + length);
    writeFrameHeader(frame, 0, OPCODE.text, length);
    if (!inPlace) frame.set(payload, header);
    const bytes = inPlace ? payload : frame.subarray(header);
    return messageFromFrame(frame, bytes, ++this.#serial);
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
    const frame = Buffer.allocUnsafe(header + escaped + length);
    writeFrameHeader(frame, 0, OPCODE.text, length + escaped);
    frame[header] = 0;
    // A lone surrogate becomes U+FFFD here, as `byteLength` has counted it (SN-18).
    frame.write(text, header + escaped);
    return messageFromFrame(frame, frame.subarray(header + escaped), ++this.#serial);
  }

  #checkSize(length: number): void {
    if (length > this.#messageBytesMax) throw new WireError('message_too_big');
  }
}
