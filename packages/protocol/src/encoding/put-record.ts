import type { ControlRecord } from '../record.js';
import type { DecodeError, ItemSink } from './encoding.js';

/**
 * Passes the result of `readRecord` or `parseRecord` to the sink. Returns `malformed` if that is the result; otherwise
 * `null`.
 */
export function putRecord(record: ControlRecord | 'ignored' | 'malformed', sink: ItemSink): DecodeError | null {
  if (record === 'malformed') return record;
  if (record !== 'ignored') sink.onRecord(record);
  return null;
}
