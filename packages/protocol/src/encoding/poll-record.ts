import type { AttachedRecord, ControlRecord } from '../record.js';

/** What a base64url text is made of: nothing of it needs an escape, in JSON or anywhere else. */
const PLAIN: RegExp = /^[\w-]*$/;

/**
 * The JSON of a record that begins the answer to a poll, character for character as `JSON.stringify` writes it: there is one in
 * each answer, and the engine's general writer was a tenth of what some cost.
 *
 * @param quote what stands for a quotation mark: another one where the JSON itself is inside a literal
 * @returns `null` for every other record, and for one with other values than whole numbers
 */
export function pollRecordJson(record: ControlRecord, quote: string): string | null {
  if (record.t === 'attached') return numbersJson(record, `{${quote}t${quote}:${quote}attached${quote}`, quote);
  if (record.t !== 'ticket' || !PLAIN.test(record.ticket)) return null;
  return `{${quote}t${quote}:${quote}ticket${quote},${quote}ticket${quote}:${quote}${record.ticket}${quote}}`;
}

function numbersJson(record: ControlRecord, head: string, quote: string): string | null {
  const fields = record as unknown as Readonly<Record<string, unknown>>;
  let json = head;
  for (const name in fields) {
    const value = fields[name];
    if (Number.isSafeInteger(value)) json += `,${quote}${name}${quote}:${value}`;
    else if (name !== 't' && value !== undefined) return null;
  }
  return `${json}}`;
}

/** Returns whether two such records differ in nothing but `n` and `instance`, which repeat what one client said (SN-9). */
export function isSameButEcho(one: AttachedRecord, other: AttachedRecord): boolean {
  return hasFieldsOf(one, other) && hasFieldsOf(other, one);
}

function hasFieldsOf(one: AttachedRecord, other: AttachedRecord): boolean {
  let name: keyof AttachedRecord;
  for (name in other) if (one[name] !== other[name] && name !== 'n' && name !== 'instance') return false;
  return true;
}
