import type { Message } from '../message.js';
import { encodeBase64 } from './base64.js';

const textEncoder: TextEncoder = new TextEncoder();

/** Why a reader of a raw event stream cannot be given all that it missed. */
export type RawResetReason = 'unknown' | 'gone' | 'dropped' | 'gap';

/**
 * A message as an event for a plain `EventSource` (SN-16): its text as it is, a line of it a `data:` line. What such lines
 * cannot carry says so by its event type: a text with CR comes as `json`, a JSON string, and bytes as `binary`, base64 (SN-18).
 * @param id its place in the topic, or `null` where it has none and cannot be asked for again.
 */
export function encodeRawEvent(message: Message, id: string | null): Uint8Array {
  const head = id === null ? '' : `id: ${id}\n`;
  return textEncoder.encode(head + dataOf(message));
}

/** The head of a stream: how soon to come again, and from where if nothing comes before that. No event for the page. */
export function encodeRawHead(retryMs: number, id: string): Uint8Array {
  return textEncoder.encode(`retry: ${retryMs}\nid: ${id}\n\n`);
}

/** An event of the type `reset`: messages may be missing before `id`, and no id before it will bring them. */
export function encodeRawReset(topic: string, reason: RawResetReason, id: string): Uint8Array {
  return textEncoder.encode(`event: reset\nid: ${id}\ndata: ${JSON.stringify({ topic, reason })}\n\n`);
}

/** A comment, which shows both ends and all between that the stream lives. */
export const rawHeartbeat: Uint8Array = textEncoder.encode(':\n\n');

function dataOf(message: Message): string {
  if (message.binary) return `event: binary\ndata: ${encodeBase64(message.bytes)}\n\n`;
  const { text } = message;
  if (text.includes('\r')) return `event: json\ndata: ${JSON.stringify(text)}\n\n`;
  return `data: ${text.replaceAll('\n', '\ndata: ')}\n\n`;
}
