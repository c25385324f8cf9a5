import { type Message, messageFromText } from '../message.js';
import type { ControlRecord, ServerRecord } from '../record.js';
import { checkRecord, serverFields } from '../record-check.js';
import type { DecodeError, ItemSink } from './encoding.js';
import { putRecord } from './put-record.js';

/** What a text frame says for a text or typed message, for a WebSocket that takes strings (SN-16, EN-18). */
export function escapeText(message: Message): string {
  return message.typed || message.text.startsWith('\0') ? `\0${message.text}` : message.text;
}

/** The same for a control record. */
export function recordText(record: ControlRecord): string {
  return `\0${JSON.stringify(record)}`;
}

/**
 * Reads what a text frame of a server said, for a WebSocket that gives strings. A typed message goes by as a record would, as
 * the array it is: only the second stage of a client makes something of it.
 */
export function decodeTextFrame(text: string, sink: ItemSink): DecodeError | null {
  if (text[0] === '\0' && text[1] !== '\0') return putRecord(parseServerRecord(text.slice(1)), sink);
  sink.onMessage(messageFromText(text[0] === '\0' ? text.slice(1) : text));
  return null;
}

/** The same as `parseRecord`, but for records that no server sends, which are unknown here: less to load. */
function parseServerRecord(text: string): ServerRecord | 'ignored' | 'malformed' {
  try {
    const value = JSON.parse(text);
    return (text[0] === '[' ? value : checkRecord(value, serverFields)) as ServerRecord | 'ignored' | 'malformed';
  } catch {
    return 'malformed';
  }
}
