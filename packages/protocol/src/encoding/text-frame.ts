import { type Message, messageFromText } from '../message.js';
import type { ControlRecord, ServerRecord } from '../record.js';
import { checkRecord, serverFields } from '../record-check.js';
import type { DecodeError, ItemSink } from './encoding.js';
import { putRecord } from './put-record.js';

/**
 * Returns the text frame content of a text or typed message, for a WebSocket that takes strings (SN-16, EN-18). A U+0000
 * is put before a typed message, which it marks, and before a text that begins with U+0000, as an escape.
 */
export function escapeText(message: Message): string {
  return message.typed || message.text[0] === '\0' ? `\0${message.text}` : message.text;
}

/** Returns the text frame content of a control record (SN-16). */
export function recordText(record: ControlRecord): string {
  return `\0${JSON.stringify(record)}`;
}

/**
 * Decodes a text frame from a server, for a WebSocket that delivers strings. A client loads in two stages, and only the
 * second one can handle typed messages (requests and replies). They are therefore passed to the sink unread, as if their
 * array were a record.
 */
export function decodeTextFrame(text: string, sink: ItemSink): DecodeError | null {
  if (text[0] === '\0' && text[1] !== '\0') return putRecord(parseServerRecord(text.slice(1)), sink);
  sink.onMessage(messageFromText(text[0] === '\0' ? text.slice(1) : text));
  return null;
}

/**
 * Parses a record like `parseRecord`, without the records that no server sends. Keeps the first stage of a client
 * small.
 */
function parseServerRecord(text: string): ServerRecord | 'ignored' | 'malformed' {
  try {
    const value = JSON.parse(text);
    return (text[0] === '[' ? value : checkRecord(value, serverFields)) as ServerRecord | 'ignored' | 'malformed';
  } catch {
    return 'malformed';
  }
}
