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

/**
 * Makes the messages a server sends. Their serials rise over all sessions and topics, so that a run of them is known by its
 * ends (SN-27). Text is laid out as the frame it will be sent as, in memory taken from Node's pool: one allocation a message.
 */
export class MessageMaker {
  readonly #messageBytesMax: number;
  #serial = 0;
  /**
   * The message whose handler is running. An application that only passes on what it got gives back the very string, and
   * then nothing is encoded or copied again.
   */
  handling: Message | null = null;

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /**
   * From the application. Bytes are copied: it may go on using its memory.
   *
   * @throws WireError `message_too_big`
   */
  make(data: string | Uint8Array): Message {
    const { handling } = this;
    if (handling !== null && handling.data === data) return messageAgain(handling, ++this.#serial);
    if (typeof data === 'string') return this.#makeText(data);
    this.#checkSize(data.length);
    return messageFromBytes(new Uint8Array(data), ++this.#serial);
  }

  /** From the payload of a text frame, already known to be UTF-8, that does not begin with U+0000. */
  received(payload: Uint8Array): Message {
    const header = frameHeaderBytes(payload.length);
    const frame = Buffer.allocUnsafe(header + payload.length);
    writeFrameHeader(frame, 0, OPCODE.text, payload.length);
    frame.set(payload, header);
    // The handler is going to ask for it, and a Buffer decodes a short text in a third of a TextDecoder's time.
    return messageFromFrame(frame, header, 0, frame.toString('utf8', header));
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
    return messageFromFrame(frame, header + escaped, ++this.#serial);
  }

  #checkSize(length: number): void {
    if (length > this.#messageBytesMax) throw new WireError('message_too_big');
  }
}
