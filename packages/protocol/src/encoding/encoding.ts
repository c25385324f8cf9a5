import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';

/**
 * Encodes items, which are messages and control records, as bytes (SN-17). Each transport uses one encoding. Results can
 * be joined in any order. They are shared, so no caller may write to them.
 */
export interface Encoding {
  readonly contentType: string;
  /** Encodes a message once; returns the cached bytes or views of the same memory for every subscriber (SN-5). */
  encodeMessage(message: Message): Uint8Array;
  encodeRecord(record: ControlRecord): Uint8Array;
  /** Returns the result of `encodeRecord` as text. Present in the encodings of poll answers. */
  readonly recordText?: (record: ControlRecord) => string;
}

/** Receives the decoded items, in wire order. */
export interface ItemSink {
  onMessage(message: Message): void;
  onRecord(record: ControlRecord): void;
}

/** Reason to end a carrier (a link or a body on it). `too_big`: an item exceeds the agreed size. */
export type DecodeError = 'malformed' | 'too_big';

/**
 * Decodes bytes split anywhere. The bytes belong to the caller; no view of them is kept.
 * @returns the error for which the carrier must be ended, or `null`. Ignores all input after an error, and an
 *   incomplete item at the end of a carrier, because links may fail at any byte (SN-2).
 */
export interface Decoder {
  feed(chunk: Uint8Array): DecodeError | null;
}

/** The index of each encoding in `Message.encoded`, where its cached bytes are. */
export const SLOT = { frame: 0, eventStream: 1, jsonLines: 2, deflate: 3, multipart: 4, script: 5, jsonp: 6 } as const;

/** Returns the cached encoding of a message, encoding it at the first call. */
export function encodedOnce(message: Message, slot: number, encode: (message: Message) => Uint8Array): Uint8Array {
  message.encoded ??= [];
  const { encoded } = message;
  encoded[slot] ??= encode(message);
  return encoded[slot];
}
