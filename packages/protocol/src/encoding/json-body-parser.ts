import type { Message } from '../message.js';
import { type ControlRecord, readRecord } from '../record.js';
import { readMessageJson } from './json-item.js';
import { checkShape, RECORD_COMMAS_MAX } from './json-shape.js';

/** Limits of a request body. */
export interface JsonBodyLimits {
  /** Maximum body size in bytes. The caller that reads the body from the network stops there too. */
  readonly bodyBytesMax: number;
  /** Maximum messages in one body. */
  readonly messagesMax: number;
}

/**
 * Result of parsing an untrusted body. `ignored` and `malformed` are as in `readRecord`; the others are exceeded
 * limits.
 */
export type JsonBody =
  | { readonly record: ControlRecord; readonly messages: readonly Message[] }
  | 'ignored'
  | 'malformed'
  | 'too_big'
  | 'too_many';

/** Maximum commas per message, reached by typed ones (arrays of up to four items), including the comma after it. */
const MESSAGE_COMMAS_MAX = 4;

const decoder: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses an untrusted request body. Checks its size, depth and number of values on the bytes before parsing any value.
 * Returns messages only if their number equals `count`.
 */
export function parseJsonBody(bytes: Uint8Array, limits: JsonBodyLimits): JsonBody {
  if (bytes.length > limits.bodyBytesMax) return 'too_big';
  const shape = checkShape(bytes, limits.messagesMax * MESSAGE_COMMAS_MAX + RECORD_COMMAS_MAX);
  if (shape !== null) return shape;
  const value = parseText(bytes);
  const record = readRecord(value);
  if (typeof record === 'string') return record;
  return readMessages(record, value as { readonly m?: unknown; readonly count?: unknown }, limits.messagesMax);
}

function readMessages(
  record: ControlRecord,
  body: { readonly m?: unknown; readonly count?: unknown },
  messagesMax: number,
): JsonBody {
  const values = body.m ?? [];
  if (!Array.isArray(values) || values.length !== (body.count ?? 0)) return 'malformed';
  if (values.length > messagesMax) return 'too_many';
  const messages = values.map(readMessageJson);
  return messages.every((message) => message !== null) ? { record, messages } : 'malformed';
}

function parseText(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
