import type { Message } from '../message.js';
import { type ControlRecord, readRecord } from '../record.js';
import { readMessageJson } from './json-item.js';
import { checkShape, RECORD_COMMAS_MAX } from './json-shape.js';

export interface JsonBodyLimits {
  /** Longest body parsed, in bytes. The shell that reads it off the wire stops there too. */
  readonly bodyBytesMax: number;
  /** Most messages in one body. */
  readonly messagesMax: number;
}

/** What an untrusted body said. `ignored` and `malformed` as of `readRecord`; the others are limits it broke. */
export type JsonBody =
  | { readonly record: ControlRecord; readonly messages: readonly Message[] }
  | 'ignored'
  | 'malformed'
  | 'too_big'
  | 'too_many';

/** Commas a typed message has at most, with the one behind it. */
const MESSAGE_COMMAS_MAX = 4;

const decoder: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses the body of a request, which anyone may have sent. Size, depth and number of values are checked on the bytes, before
 * a value is made of any. Messages are given only if there are as many as `count` says.
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
