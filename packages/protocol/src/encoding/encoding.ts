import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';

/**
 * One way to put messages and control records into bytes (SN-17). The results can be joined in any order of messages and
 * records, and everything encoded belongs to its maker: whoever gets it may share it and never writes to it.
 */
export interface Encoding {
  readonly contentType: string;
  /** The same bytes for every subscriber: made at the first call, or views of the same memory (SN-5). */
  encodeMessage(message: Message): Uint8Array;
  encodeRecord(record: ControlRecord): Uint8Array;
  /** What `encodeRecord` gives, as the text whose UTF-8 it is; of an encoding that a poll may be answered in. */
  readonly recordText?: (record: ControlRecord) => string;
}

/** Where a decoder puts what it reads, in the order of the wire. */
export interface ItemSink {
  onMessage(message: Message): void;
  onRecord(record: ControlRecord): void;
}

/** Why a carrier must be ended: it is not what the encoding says, or one item of it is longer than was agreed. */
export type DecodeError = 'malformed' | 'too_big';

/**
 * Reads an encoding from bytes split anywhere. The bytes belong to the caller; no view of them is kept.
 * @returns why the carrier must be ended, or `null`. After an error all that comes is ignored, and so is half an item at the
 *   end of a carrier: links may die at any byte (SN-2).
 */
export interface Decoder {
  feed(chunk: Uint8Array): DecodeError | null;
}

/** Places in `Message.encoded`. */
export const SLOT = { frame: 0, eventStream: 1, jsonLines: 2, deflate: 3, multipart: 4, script: 5, jsonp: 6 } as const;

/** What an encoding makes of a message: made once, at the first call, and kept with it. */
export function encodedOnce(message: Message, slot: number, encode: (message: Message) => Uint8Array): Uint8Array {
  message.encoded ??= [];
  const { encoded } = message;
  encoded[slot] ??= encode(message);
  return encoded[slot];
}
