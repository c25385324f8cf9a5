import { checkUtf8, UTF8_BOUNDARY, UTF8_INVALID } from '../utf8.js';
import { wrongInClose } from './close-payload.js';
import { FRAME_CLOSE_CODES, type FrameError, type FrameErrorCode } from './frame-error.js';
import { applyMask } from './mask.js';
import { CONTROL_PAYLOAD_BYTES_MAX, OPCODE } from './opcode.js';
import { type MaskedTextSink, offerWholeText } from './whole-text.js';

/**
 * Receives a parser's reports, in wire order. A payload that is not `owned` is a view of the fed bytes. It is valid
 * until the call returns and must be copied to be kept. Any call may `stop` the parser.
 */
export interface FrameSink extends MaskedTextSink {
  /** Receives a whole message. The receiver may keep an `owned` payload. */
  onData(binary: boolean, payload: Uint8Array, owned: boolean): void;
  /**
   * Receives a compressed message instead of `onData`: as it arrived, not owned, its UTF-8 unchecked (RFC 7692 §6.2).
   */
  onCompressed?(binary: boolean, payload: Uint8Array): void;
  /** Receives a ping, to be answered by a pong (RFC 6455 §5.5.2). @param payload at most 125 bytes, not owned */
  onPing(payload: Uint8Array): void;
  /** Receives a pong. @param payload at most 125 bytes, not owned */
  onPong(payload: Uint8Array): void;
  /** Receives a close; no report follows it. @param code 1005 if the frame carried none (RFC 6455 §7.1.5) */
  onClose(code: number, reason: string): void;
}

/** Options of a `FrameParser`. */
export interface FrameParserOptions {
  /** Whether frames of this peer are masked: `true` at a server, `false` at a client (RFC 6455 §5.1). */
  readonly masked: boolean;
  /** Maximum message size in payload bytes over all fragments. */
  readonly messageBytesMax: number;
  /** Maximum frames of one message. Every frame costs the work of a header, even when it is empty. */
  readonly fragmentsMax: number;
  /**
   * Whether permessage-deflate was negotiated: RSV1 marks a compressed message (RFC 7692 §6). Default: RSV1 is an
   * error.
   */
  readonly deflate?: boolean;
}

/** States of the parser, by the part that the next byte belongs to. */
const FIRST = 0;
const SECOND = 1;
const LENGTH = 2;
const KEY = 3;
const PAYLOAD = 4;
const STOPPED = 5;

/** The bit of a frame's first byte that marks a compressed message. */
const RSV1 = 0x40;

/**
 * Initial buffer for a message that arrives in parts. It doubles as bytes arrive, regardless of the announced length.
 */
const FIRST_ROOM_BYTES = 1024;
const NO_BYTES: Uint8Array = new Uint8Array(0);
const reasonDecoder: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Parses the frames of one peer from bytes split anywhere (RFC 6455 §5). No I/O. Implements rules FR-1 to FR-17.
 *
 * The fed bytes belong to the caller and may be one reused read buffer, because no view of them is kept after `feed`. They
 * are unmasked in place, so the caller must not use them afterwards. A payload that arrived whole is reported without a
 * copy. The parser holds at most twice the received bytes of one message, plus one control payload.
 */
export class FrameParser {
  readonly #sink: FrameSink;
  readonly #options: FrameParserOptions;
  #error: FrameError | null = null;
  #expects = FIRST;
  // The frame being read.
  #opcode = 0;
  #fin = false;
  #length = 0;
  #lengthBytes = 0;
  #headerBytesLeft = 0;
  #key = 0;
  #payloadRead = 0;
  #control: Uint8Array = NO_BYTES;
  // The message being read, over all its frames.
  #messageOpcode = 0;
  #compressed = false;
  #fragments = 0;
  #room: Uint8Array = NO_BYTES;
  #roomUsed = 0;
  #utf8 = UTF8_BOUNDARY;

  constructor(sink: FrameSink, options: FrameParserOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /**
   * Parses the next bytes, `chunk[from..end)`, and reports every frame they complete.
   * @returns the error for which the connection must be failed, or `null`. Ignores bytes after an error, a close or
   *   `stop`.
   */
  feed(chunk: Uint8Array, end: number = chunk.length, from = 0): FrameError | null {
    let at = from;
    while (at < end && this.#expects !== STOPPED) {
      const mayBeWhole = this.#expects === FIRST && this.#messageOpcode === 0;
      const next = mayBeWhole ? offerWholeText(this.#sink, this.#options, chunk, at, end) : at;
      if (next > at) at = next;
      else at = this.#expects === PAYLOAD ? this.#readPayload(chunk, at, end) : this.#readHeader(chunk, at, end);
    }
    return this.#error;
  }

  /** Whether a message or frame has arrived only in part. */
  get unfinished(): boolean {
    return this.#expects !== FIRST || this.#messageOpcode !== 0;
  }

  /** Stops all reports, even of bytes already fed. */
  stop(): void {
    this.#expects = STOPPED;
    this.#room = NO_BYTES;
  }

  #fail(code: FrameErrorCode): void {
    this.#error = { code, closeCode: FRAME_CLOSE_CODES[code] ?? 1002 };
    this.stop();
  }

  // ---- header: parsed byte by byte, so that a split needs no special case and parsing ends at the first wrong byte

  #readHeader(chunk: Uint8Array, from: number, end: number): number {
    let at = from;
    while (at < end && this.#expects < PAYLOAD) {
      const wrong = this.#onHeaderByte(chunk[at++]!);
      if (wrong !== null) this.#fail(wrong);
    }
    // An empty payload is complete with its header. Waiting for another byte would delay the frame.
    return this.#expects === PAYLOAD && this.#length === 0 ? this.#readPayload(chunk, at, end) : at;
  }

  #onHeaderByte(byte: number): FrameErrorCode | null {
    switch (this.#expects) {
      case FIRST:
        return this.#onFirst(byte);
      case SECOND:
        return this.#onSecond(byte);
      case LENGTH:
        return this.#onLength(byte);
      default:
        this.#key = (this.#key << 8) | byte;
        if (--this.#headerBytesLeft === 0) this.#expects = PAYLOAD;
        return null;
    }
  }

  #onFirst(byte: number): FrameErrorCode | null {
    const opcode = byte & 0x0f;
    this.#fin = byte >= 0x80;
    this.#opcode = opcode;
    this.#expects = SECOND;
    if (byte & 0x70 && !this.#mayMark(byte, opcode)) return 'reserved_bit';
    if (opcode > OPCODE.pong) return 'reserved_opcode';
    if (opcode >= OPCODE.close) return this.#fin ? null : 'control_fragmented';
    if (opcode > OPCODE.binary) return 'reserved_opcode';
    // Whether a message is in progress, so that this frame must continue it.
    const isInProgress = this.#messageOpcode !== 0;
    if (isInProgress !== (opcode === OPCODE.continuation))
      return isInProgress ? 'continuation_missing' : 'continuation_unexpected';
    if (!isInProgress) {
      this.#messageOpcode = opcode;
      this.#compressed = (byte & RSV1) !== 0;
    }
    return ++this.#fragments > this.#options.fragmentsMax ? 'too_many_fragments' : null;
  }

  /** Returns whether RSV1 is allowed: alone, and only in the first frame of a message (RFC 7692 §6). */
  #mayMark(byte: number, opcode: number): boolean {
    const first = opcode === OPCODE.text || opcode === OPCODE.binary;
    return this.#options.deflate === true && first && (byte & 0x70) === RSV1;
  }

  #onSecond(byte: number): FrameErrorCode | null {
    const masked = byte >= 0x80;
    if (masked !== this.#options.masked) return masked ? 'mask_unexpected' : 'mask_missing';
    const length = byte & 0x7f;
    if (length <= CONTROL_PAYLOAD_BYTES_MAX) return this.#onLengthKnown(length);
    if (this.#opcode >= OPCODE.close) return 'control_too_long';
    this.#length = 0;
    this.#lengthBytes = length === 126 ? 2 : 8;
    this.#headerBytesLeft = this.#lengthBytes;
    this.#expects = LENGTH;
    return null;
  }

  #onLength(byte: number): FrameErrorCode | null {
    // The highest bit of an eight-byte length must be 0 (RFC 6455 §5.2).
    if (this.#headerBytesLeft === 8 && byte >= 0x80) return 'length_invalid';
    this.#length = this.#length * 256 + byte;
    if (--this.#headerBytesLeft > 0) return null;
    const leastInThisForm = this.#lengthBytes === 2 ? 126 : 65_536;
    return this.#length < leastInThisForm ? 'length_not_minimal' : this.#onLengthKnown(this.#length);
  }

  #onLengthKnown(length: number): FrameErrorCode | null {
    const isData = this.#opcode < OPCODE.close;
    if (isData && this.#roomUsed + length > this.#options.messageBytesMax) return 'message_too_big';
    this.#length = length;
    this.#payloadRead = 0;
    this.#key = 0;
    this.#headerBytesLeft = 4;
    this.#expects = this.#options.masked ? KEY : PAYLOAD;
    return null;
  }

  // ---- payload

  #readPayload(chunk: Uint8Array, from: number, end: number): number {
    const to = Math.min(end, from + this.#length - this.#payloadRead);
    if (this.#options.masked) applyMask(chunk, from, to, this.#key, this.#payloadRead);
    const before = this.#payloadRead;
    this.#payloadRead += to - from;
    const frameEnds = this.#payloadRead === this.#length;
    if (frameEnds) this.#expects = FIRST;
    if (this.#opcode >= OPCODE.close) this.#onControlBytes(chunk.subarray(from, to), before, frameEnds);
    else this.#onDataBytes(chunk, from, to, frameEnds && this.#fin);
    return to;
  }

  #onDataBytes(chunk: Uint8Array, from: number, to: number, messageEnds: boolean): void {
    const binary = this.#messageOpcode === OPCODE.binary;
    if (!binary && !this.#compressed) {
      this.#utf8 = checkUtf8(this.#utf8, chunk, from, to);
      const cutShort = messageEnds && this.#utf8 !== UTF8_BOUNDARY;
      if (cutShort || this.#utf8 === UTF8_INVALID) {
        this.#fail('utf8_invalid');
        return;
      }
    }
    const cameWhole = messageEnds && this.#roomUsed === 0;
    if (!cameWhole) this.#keep(chunk, from, to);
    if (!messageEnds) return;
    const kept = this.#room.length === this.#roomUsed ? this.#room : this.#room.slice(0, this.#roomUsed);
    this.#messageOpcode = 0;
    this.#fragments = 0;
    this.#room = NO_BYTES;
    this.#roomUsed = 0;
    const payload = cameWhole ? chunk.subarray(from, to) : kept;
    if (this.#compressed) this.#sink.onCompressed?.(binary, payload);
    else this.#sink.onData(binary, payload, !cameWhole);
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const used = this.#roomUsed + to - from;
    if (used > this.#room.length) {
      // Upper bound of the message's size. The exact size is known once the last frame has begun; before, it is the limit.
      const most = this.#fin ? used + this.#length - this.#payloadRead : this.#options.messageBytesMax;
      const room = new Uint8Array(Math.min(most, Math.max(used, this.#room.length * 2, FIRST_ROOM_BYTES)));
      room.set(this.#room.subarray(0, this.#roomUsed));
      this.#room = room;
    }
    this.#room.set(chunk.subarray(from, to), this.#roomUsed);
    this.#roomUsed = used;
  }

  #onControlBytes(bytes: Uint8Array, before: number, frameEnds: boolean): void {
    let payload = bytes;
    if (!frameEnds || before > 0) {
      if (before === 0) this.#control = new Uint8Array(this.#length);
      this.#control.set(bytes, before);
      payload = this.#control;
    }
    if (!frameEnds) return;
    this.#control = NO_BYTES;
    if (this.#opcode === OPCODE.ping) this.#sink.onPing(payload);
    else if (this.#opcode === OPCODE.pong) this.#sink.onPong(payload);
    else this.#onCloseFrame(payload);
  }

  #onCloseFrame(payload: Uint8Array): void {
    const code = payload.length === 0 ? 1005 : payload[0]! * 256 + (payload[1] ?? 0);
    const wrong = wrongInClose(payload, code);
    if (wrong !== null) {
      this.#fail(wrong);
      return;
    }
    this.stop();
    this.#sink.onClose(code, reasonDecoder.decode(payload.subarray(2)));
  }
}
