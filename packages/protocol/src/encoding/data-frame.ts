import { type Message, messageFromBytes, messageFromUtf8 } from '../message.js';
import { parseRecord } from '../record.js';
import { readTyped } from '../typed-message.js';
import type { DecodeError, ItemSink } from './encoding.js';
import { putRecord } from './put-record.js';

const textDecoder: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** First byte of a typed message (a request or reply, as a JSON array). No record begins with it. */
const BRACKET = 0x5b;

/**
 * Decodes a payload from `FrameSink.onData` as a message, a typed message or a control record (SN-16, EN-18). Copies a
 * payload that is not `owned` if it becomes a message; reads a record in place.
 */
export function decodeDataFrame(
  binary: boolean,
  payload: Uint8Array,
  owned: boolean,
  sink: ItemSink,
): DecodeError | null {
  // U+0000 marks a record or typed message. Two of them are one escaped U+0000 of a text.
  if (!binary && payload[0] === 0 && payload[1] !== 0) {
    if (payload[1] === BRACKET) return putTyped(textDecoder.decode(payload.subarray(1)), sink);
    return putRecord(parseRecord(textDecoder.decode(payload.subarray(1))), sink);
  }
  const content = !binary && payload[0] === 0 ? payload.subarray(1) : payload;
  // Not `slice`, which on a Node Buffer returns a view. If `owned`, a text whose escape was removed keeps one unused
  // byte in memory, which is cheaper than a copy.
  const bytes = owned ? content : new Uint8Array(content);
  sink.onMessage(binary ? messageFromBytes(bytes) : messageFromUtf8(bytes));
  return null;
}

function putTyped(json: string, sink: ItemSink): DecodeError | null {
  let message: Message | null = null;
  try {
    message = readTyped(JSON.parse(json));
  } catch {
    // Text that is not JSON is malformed, like JSON that is not a typed message.
  }
  if (message === null) return 'malformed';
  sink.onMessage(message);
  return null;
}
