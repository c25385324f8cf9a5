import type { Message } from '../message.js';
import { encodeBase64 } from './base64.js';

const textEncoder: TextEncoder = new TextEncoder();

/** Reason why a reader of a raw event stream cannot receive everything that it missed. */
export type RawResetReason = 'unknown' | 'gone' | 'dropped' | 'gap';

/**
 * Encodes a message as an event for a plain `EventSource` (SN-16), with one `data:` line for each line of its text.
 * Content that such lines cannot carry has an event type: `json`, a JSON string, for a text with CR; `binary`, base64,
 * for bytes (SN-18).
 * @param id offset in the topic, or `null` if the message has none and cannot be requested again.
 */
export function encodeRawEvent(message: Message, id: string | null): Uint8Array {
  const head = id === null ? '' : `id: ${id}\n`;
  return textEncoder.encode(head + dataOf(message));
}

/** Encodes the head of a stream, which sets the retry delay and the id to resume from. The page receives no event. */
export function encodeRawHead(retryMs: number, id: string): Uint8Array {
  return textEncoder.encode(`retry: ${retryMs}\nid: ${id}\n\n`);
}

/** Encodes a `reset` event: messages before `id` may be missing and cannot be requested again. */
export function encodeRawReset(topic: string, reason: RawResetReason, id: string): Uint8Array {
  return textEncoder.encode(`event: reset\nid: ${id}\ndata: ${JSON.stringify({ topic, reason })}\n\n`);
}

/** A comment, which readers ignore. It shows both ends and all intermediaries that the stream is alive. */
export const rawHeartbeat: Uint8Array = textEncoder.encode(':\n\n');

function dataOf(message: Message): string {
  if (message.binary) return `event: binary\ndata: ${encodeBase64(message.bytes)}\n\n`;
  const { text } = message;
  if (text.includes('\r')) return `event: json\ndata: ${JSON.stringify(text)}\n\n`;
  return `data: ${text.replaceAll('\n', '\ndata: ')}\n\n`;
}
