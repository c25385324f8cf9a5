import { fromBase64, hasBytes, inBase64 } from './binary.js';
import { isEvent } from './reserved.js';

/**
 * How an event stands in a topic, where sessions hear it: as the JSON of an array that begins with its name. What sessions publish in another form,
 * old clients hear as the event `message`, like what Socket.IO's `send` sends.
 */

/** An event out of a topic. */
export interface TopicEvent {
  /** Its name and values; `null` where there may be bytes among them. */
  readonly json: string | null;
  readonly values: readonly unknown[];
}

/** @throws RangeError for values nested too deep, TypeError for values that JSON cannot write */
export function textOf(values: readonly unknown[]): string {
  return JSON.stringify(hasBytes(values) ? inBase64(values) : values);
}

/** Whether there may be bytes in what `textOf` wrote. */
export function mayHoldBytes(text: string): boolean {
  return text.includes('"_base64"');
}

/** Reads what was published to a topic. */
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
