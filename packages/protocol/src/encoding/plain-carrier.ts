import { isWhole } from '../counts.js';
import type { AttachRecord, BodyRecord } from '../record.js';

/**
 * Matches every text except one flat object in printable ASCII. So it matches bodies with messages, other characters and
 * nested values.
 */
const NOT_PLAIN: RegExp = /[^\x20-\x7e]|\[|.\{/;
/** Maximum UTF-16 units of a body read here. Anything this short is parsed in negligible time. */
const UNITS_MAX = 1_024;
/** The same limit as in the table of records. */
const ID_UNITS_MAX = 8_192;

/**
 * Reads a request body that carries an attach, or a body record without messages, in its common form. Most HTTP requests
 * have this form. Reading them with the general reader would take a tenth of the cost of a poll.
 *
 * @returns `null` for everything else, which may still be valid.
 */
export function readPlainCarrier(text: string): AttachRecord | BodyRecord | null {
  if (text.length > UNITS_MAX || NOT_PLAIN.test(text)) return null;
  let record: AttachRecord | BodyRecord;
  try {
    record = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof record !== 'object' || record === null) return null;
  const { t, id, hidden, token } = record;
  const named = typeof id === 'string' && id !== '' && id.length <= ID_UNITS_MAX;
  if (!named || token !== undefined || !isFlag(hidden) || !hasCounts(record) || 'm' in record || 'part' in record)
    return null;
  if (t === 'attach') return isPlainAttach(record) ? record : null;
  return t === 'body' && isPlainBody(record) ? record : null;
}

function isPlainAttach({ n, instance, prompt, resets, first, count }: AttachRecord): boolean {
  const plain = first === undefined && (count === undefined || count === 0);
  return plain && isWhole(n) && isWhole(instance) && isFlag(prompt) && (resets === undefined || isWhole(resets));
}

function isPlainBody({ n, instance, first, count, blind }: BodyRecord): boolean {
  return isWhole(n) && isWhole(instance) && isWhole(first) && count === 0 && isFlag(blind);
}

function hasCounts({ ack, received, seen, sent, sum, last, want }: AttachRecord | BodyRecord): boolean {
  const whole = isWhole(ack) && isWhole(received) && isWhole(seen) && isWhole(sent) && isWhole(sum);
  return whole && (last === undefined || isWhole(last)) && (want === undefined || isWhole(want));
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}
