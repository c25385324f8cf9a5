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

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** @param message whose handler runs now, `null` when it has returned. What it passes on is not made anew. */
  set handling(message: Message | null) {
    this.#handling = message;
  }

  /**
   * From the application. Bytes are copied: it may go on using its memory.
   *
   * @throws WireError `message_too_big`
   */
  make(data: string | Uint8Array): Message {
    const handling = this.#handling;
    // An application that only passes on what it got gives back the very string.
    if (handling !== null && handling.data === data) return this.#passOn(handling);
    if (typeof data === 'string') return this.#makeText(data);
    this.#checkSize(data.length);
    return messageFromBytes(new Uint8Array(data), ++this.#serial);
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
    // The handler is going to ask for the text, and a Buffer decodes a short one in a third of a TextDecoder's time.
    return messageFromFrame(frame, bytes, ++this.#serial, bytes.toString('utf8'));
  }

  /** The message itself, if nothing was made since it came; with a later serial if something was, itself included. */
  #passOn(message: Message): Message {
    if (message.serial !== this.#serial) return messageAgain(message, ++this.#serial);
    // From here on the next one is later than this.
    this.#serial += 1;
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
