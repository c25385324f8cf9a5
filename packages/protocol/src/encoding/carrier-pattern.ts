import type { AttachRecord, BodyRecord } from '../record.js';

/** Fields in which consecutive carriers (requests with the counts of a session) of a client differ. */
const COUNTED: ReadonlySet<string> = new Set(['n', 'first', 'ack', 'received', 'seen', 'sent', 'sum']);
/** Maximum digits for which every number is a safe integer. */
const DIGITS_MAX = 15;
const ZERO = 0x30;
/** Placeholder of a number in a pattern; not a byte of printable ASCII. */
const NUMBER = 0;

/**
 * Pattern of a valid carrier without messages, used to read the next one from the same client. If the next carrier has
 * the same bytes except for the digits of its counts, its record is the same except for these counts, and need not be
 * parsed and checked again.
 */
export class CarrierPattern {
  readonly #record: AttachRecord | BodyRecord;
  readonly #names: readonly string[];
  /** The bytes of the carrier, with each count replaced by one `NUMBER`. */
  readonly #pattern: Uint8Array;

  private constructor(record: AttachRecord | BodyRecord, names: readonly string[], pattern: string) {
    this.#record = record;
    this.#names = names;
    this.#pattern = Uint8Array.from(pattern, (unit) => unit.charCodeAt(0));
  }

  /**
   * Creates the pattern of a carrier.
   *
   * @param text printable ASCII from which `readPlainCarrier` read this record
   * @returns `null` if the text is not formatted as by `JSON.stringify`
   */
  static of(text: string, record: AttachRecord | BodyRecord): CarrierPattern | null {
    if (JSON.stringify(record) !== text) return null;
    const names: string[] = [];
    const fields: string[] = [];
    for (const [name, value] of Object.entries(record)) {
      const counted = COUNTED.has(name);
      if (counted) names.push(name);
      fields.push(`${JSON.stringify(name)}:${counted ? String.fromCharCode(NUMBER) : JSON.stringify(value)}`);
    }
    return new CarrierPattern(record, names, `{${fields.join()}}`);
  }

  /** Reads a carrier that differs only in its counts; otherwise returns `null`. */
  read(bytes: Uint8Array, from: number, to: number): AttachRecord | BodyRecord | null {
    const pattern = this.#pattern;
    const names = this.#names;
    const record = { ...this.#record } as Record<string, unknown>;
    let at = from;
    let counts = 0;
    for (let place = 0; place < pattern.length; place += 1) {
      const expected = pattern[place];
      if (expected !== NUMBER) {
        if (at === to || bytes[at] !== expected) return null;
        at += 1;
        continue;
      }
      const end = behindNumber(bytes, at, to);
      if (end < 0) return null;
      record[names[counts] as string] = numberIn(bytes, at, end);
      counts += 1;
      at = end;
    }
    return at === to ? (record as unknown as AttachRecord | BodyRecord) : null;
  }
}

/** Returns the end of the number at `from`, or -1 if it is no canonical JSON number or may be too large. */
function behindNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at] as number)) at += 1;
  const digits = at - from;
  return digits === 0 || digits > DIGITS_MAX || (digits > 1 && bytes[from] === ZERO) ? -1 : at;
}

function numberIn(bytes: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + (bytes[at] as number) - ZERO;
  return number;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}
