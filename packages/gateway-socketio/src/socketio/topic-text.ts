import { fromBase64, hasBytes, inBase64 } from './binary.js';
import { isEvent } from './reserved.js';

/**
 * How an event stands in a topic, where sessions hear it: as the JSON of an array that begins with its name. What sessions publish in another form,
 * old clients hear as the event `message`, like what Socket.IO's `send` sends.
 */

/** @throws RangeError for values nested too deep, TypeError for values that JSON cannot write */
export function textOf(values: readonly unknown[]): string {
  return JSON.stringify(hasBytes(values) ? inBase64(values) : values);
}

/** Reads what was published to a topic. */
export function eventOf(data: string | Uint8Array): readonly unknown[] {
  if (typeof data === 'string' && data.startsWith('["')) {
    const values = parsed(data);
    if (isEvent(values)) return values;
  }
  return ['message', data];
}

function parsed(text: string): unknown {
  try {
    const values: unknown = JSON.parse(text);
    return text.includes('"_base64"') ? fromBase64(values) : values;
  } catch {
    return null;
  }
}
