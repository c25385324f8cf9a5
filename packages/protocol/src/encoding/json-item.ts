import { type Message, messageFromBytes, messageFromText } from '../message.js';
import { readRecord } from '../record.js';
import { readTyped } from '../typed-message.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import type { DecodeError, ItemSink } from './encoding.js';
import { putRecord } from './put-record.js';

/** A message as one JSON value without a line break: a string for text, `["<base64>"]` for binary (EN-2), a typed one as it is (EN-18). */
export function encodeMessageJson(message: Message): string {
  if (message.typed) return message.text;
  return message.binary ? `["${encodeBase64(message.bytes)}"]` : JSON.stringify(message.text);
}

/** A message from such a value, already parsed; `null` if it is none. */
export function readMessageJson(value: unknown): Message | null {
  if (typeof value === 'string') return messageFromText(value);
  if (Array.isArray(value) && value.length > 1) return readTyped(value);
  if (!Array.isArray(value) || value.length !== 1 || typeof value[0] !== 'string') return null;
  const bytes = decodeBase64(value[0]);
  return bytes && messageFromBytes(bytes);
}

/** Reads one JSON text as a message or a control record. A record of an unknown name is passed over (SN-19). */
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
