import { type Message, messageFromBytes, messageFromText } from '../message.js';
import { readRecord } from '../record.js';
import { readTyped } from '../typed-message.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import type { DecodeError, ItemSink } from './encoding.js';
import { putRecord } from './put-record.js';

/**
 * Encodes a message as JSON on one line: a string for text, `["<base64>"]` for binary (EN-2), its array if typed
 * (EN-18).
 */
export function encodeMessageJson(message: Message): string {
  if (message.typed) return message.text;
  return message.binary ? `["${encodeBase64(message.bytes)}"]` : JSON.stringify(message.text);
}

/** Reads a message from a parsed JSON value, in the form of `encodeMessageJson`. Returns `null` for any other value. */
export function readMessageJson(value: unknown): Message | null {
  if (typeof value === 'string') return messageFromText(value);
  if (Array.isArray(value) && value.length > 1) return readTyped(value);
  if (!Array.isArray(value) || value.length !== 1 || typeof value[0] !== 'string') return null;
  const bytes = decodeBase64(value[0]);
  return bytes && messageFromBytes(bytes);
}

/** Decodes one JSON text as a message or a control record. Ignores a record of an unknown name (SN-19). */
export function decodeItemJson(text: string, sink: ItemSink): DecodeError | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'malformed';
  }
  const message = readMessageJson(value);
  if (message) {
    sink.onMessage(message);
    return null;
  }
  return putRecord(readRecord(value), sink);
}
