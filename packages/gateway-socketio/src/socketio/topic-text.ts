import type { PolicyAction } from '@everywire/server';
import { fromBase64, hasBytes, inBase64 } from './binary.js';
import { isEvent } from './reserved.js';

/**
 * The encoding of a Socket.IO event as the text of a topic's publication, which sessions of the wire protocol receive
 * too: the JSON of an array that begins with the event's name. Publications in another form reach Socket.IO clients as
 * the event `message`, like those of Socket.IO's `send`.
 */

/** An event read from a topic. */
export interface TopicEvent {
  /** The JSON of its name and values; `null` if they may contain bytes. */
  readonly json: string | null;
  readonly values: readonly unknown[];
}

/** Encodes an event. @throws RangeError for values nested too deeply, TypeError for values that JSON cannot write */
export function textOf(values: readonly unknown[]): string {
  return JSON.stringify(hasBytes(values) ? inBase64(values) : values);
}

/** Returns whether a text of `textOf` may contain bytes. */
export function mayHoldBytes(text: string): boolean {
  return text.includes('"_base64"');
}

/** Decodes a publication of a topic. */
export function eventOf(data: string | Uint8Array): TopicEvent {
  if (typeof data === 'string' && data.startsWith('["')) {
    const values = parsed(data);
    if (isEvent(values)) return { json: mayHoldBytes(data) ? null : data, values };
  }
  return { json: null, values: ['message', data] };
}

function parsed(text: string): unknown {
  try {
    const values: unknown = JSON.parse(text);
    return mayHoldBytes(text) ? fromBase64(values) : values;
  } catch {
    return null;
  }
}

/** Returns an event in the form of a topic's publication; `null` if its values are nested too deeply to be written. */
export function actionOf(values: readonly unknown[], attachments: number): PolicyAction | null {
  try {
    return { kind: 'message', data: attachments === 0 ? JSON.stringify(values) : textOf(values) };
  } catch {
    return null;
  }
}
