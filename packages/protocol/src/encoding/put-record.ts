import type { ControlRecord } from '../record.js';
import type { DecodeError, ItemSink } from './encoding.js';

/** Hands on what `readRecord` or `parseRecord` made of a value. */
export function putRecord(record: ControlRecord | 'ignored' | 'malformed', sink: ItemSink): DecodeError | null {
  if (record === 'malformed') return record;
  if (record !== 'ignored') sink.onRecord(record);
  return null;
}
