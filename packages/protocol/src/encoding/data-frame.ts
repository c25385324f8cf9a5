import { messageFromBytes, messageFromUtf8 } from '../message.js';
import { parseRecord } from '../record.js';
import type { DecodeError, ItemSink } from './encoding.js';
import { putRecord } from './put-record.js';

const textDecoder: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads what `FrameSink.onData` reports as a message or a control record (SN-16). A payload that is not `owned` is copied
 * where it becomes a message; a record is read in place.
 */
export function decodeDataFrame(
  binary: boolean,
  payload: Uint8Array,
  owned: boolean,
  sink: ItemSink,
): DecodeError | null {
  if (!binary && payload[0] === 0 && payload[1] !== 0) {
    return putRecord(parseRecord(textDecoder.decode(payload.subarray(1))), sink);
  }
  const content = !binary && payload[0] === 0 ? payload.subarray(1) : payload;
  // Not `slice`: that of a Node Buffer is a view. An unescaped text keeps one byte too many, which is cheaper than a copy.
  const bytes = owned ? content : new Uint8Array(content);
  sink.onMessage(binary ? messageFromBytes(bytes) : messageFromUtf8(bytes));
  return null;
}
