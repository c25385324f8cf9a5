import type { AttachRecord, BodyRecord } from '../record.js';

/** In which one carrier of a client differs from its next. */
const COUNTED: ReadonlySet<string> = new Set(['n', 'first', 'ack', 'received', 'seen', 'sent', 'sum']);
/** So many digits are a safe number, whatever they are. */
const DIGITS_MAX = 15;
const ZERO = 0x30;
/** In a pattern: no byte of printable ASCII. */
const NUMBER = 0;

/**
 * A carrier without messages that was read as JSON and found right, as the pattern of the next one from the same client: the same
 * bytes but for the digits of its counts are the same record but for these, and need not be parsed and checked.
 */
export class KeptCarrier {
  readonly #record: AttachRecord | BodyRecord;
  readonly #names: readonly string[];
  /** Its bytes, with one `NUMBER` in the place of each of its counts. */
  readonly #pattern: Uint8Array;

  private constructor(record: AttachRecord | BodyRecord, names: readonly string[], pattern: string) {
    this.#record = record;
    this.#names = names;
    this.#pattern = Uint8Array.from(pattern, (unit) => unit.charCodeAt(0));
  }

  /**
   * @param text printable ASCII that `readPlainCarrier` made this record of
   * @returns `null` where it is not written as `JSON.stringify` writes it
   */
  static of(text: string, record: AttachRecord | BodyRecord): KeptCarrier | null {
    if (JSON.stringify(record) !== text) return null;
    const names: string[] = [];
    const fields: string[] = [];
    for (const [name, value] of Object.entries(record)) {
      const counted = COUNTED.has(name);
      if (counted) names.push(name);
      fields.push(`${JSON.stringify(name)}:${counted ? String.fromCharCode(NUMBER) : JSON.stringify(value)}`);
    }
    return new KeptCarrier(record, names, `{${fields.join()}}`);
  }

  /** @returns `null` for everything that is not the same but for its counts */
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

/** @returns where the number ends; -1 where there is none as JSON writes it, or one that may be too large */
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
