import type { Message } from '../message.js';
import { type ControlRecord, readRecord } from '../record.js';
import { readMessageJson } from './json-item.js';

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

/** Body, `m`, a typed message and binary data in it: nothing that is ours nests deeper. `limits` of `opened` is never sent upwards. */
const DEPTH_MAX = 4;
/** Commas a record of ours has at most; the parser's own work is bounded by it and `messagesMax`. */
const RECORD_COMMAS_MAX = 64;
/** Commas a typed message has at most, with the one behind it. */
const MESSAGE_COMMAS_MAX = 4;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

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

/** Walks over the JSON without reading it: depth by brackets, values by commas, both outside of strings. */
function checkShape(bytes: Uint8Array, commasMax: number): 'malformed' | 'too_many' | null {
  let depth = 0;
  let commas = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === COMMA) {
      if (++commas > commasMax) return 'too_many';
    } else {
      depth += depthChange(byte);
      if (depth > DEPTH_MAX) return 'malformed';
    }
  }
  return null;
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function depthChange(byte: number): number {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}
