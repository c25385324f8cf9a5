import { createHash } from 'node:crypto';
import type { ExportedValue } from '@everywire/chat';

const WORDS = 8;

/**
 * Counts rows and adds up their hashes, so that two sets of rows can be compared without regard to their order. Detects
 * errors of copying, but not deliberate manipulation.
 */
export class RowSum {
  readonly #words = new Uint32Array(WORDS);
  rows = 0;

  /** Adds a row. A boolean is hashed like the number 0 or 1. */
  add(row: readonly (ExportedValue | boolean)[]): void {
    const hash = createHash('sha256');
    for (const value of row) {
      const bytes = typeof value === 'object' && value !== null ? value : Buffer.from(textOf(value), 'utf8');
      hash.update(`${kindOf(value)}${bytes.length}:`).update(bytes);
    }
    const digest = hash.digest();
    for (let at = 0; at < WORDS; at += 1) this.#words[at] = (this.#words[at] ?? 0) + digest.readUInt32LE(4 * at);
    this.rows += 1;
  }

  equals(other: RowSum): boolean {
    return this.rows === other.rows && this.#words.every((word, at) => word === other.#words[at]);
  }
}

function textOf(value: number | string | boolean | null): string {
  return String(typeof value === 'boolean' ? Number(value) : value);
}

function kindOf(value: ExportedValue | boolean): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'bytes' : 'number';
}
