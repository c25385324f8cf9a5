import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Epoch } from '@everywire/chat';

/**
 * How far a database may be behind without having been put back, in bytes of its log: the log may be on disk up to the
 * middle of a record, and a crash drops this record.
 */
const SLACK_BYTES = 65_536n;

interface Position {
  readonly epoch: Epoch;
  /** As a `pg_lsn`. */
  readonly position: string;
}

/**
 * Keeps the last known position of the write-ahead log in a file outside of the database. A database that is behind it
 * was put back, as by a base backup or a snapshot of a disk, whose place is the same. If the file cannot be read or
 * written, only this detection fails.
 */
export class KeptPosition {
  readonly #file: string;
  #written = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** Returns whether the database lacks something that it once had under the same epoch. */
  isAhead({ epoch, position }: Position): boolean {
    const kept = this.#read();
    return kept !== null && kept.epoch === epoch && numberOf(kept.position) - numberOf(position) > SLACK_BYTES;
  }

  write({ epoch, position }: Position): void {
    const text = JSON.stringify({ epoch, position });
    if (text === this.#written) return;
    const draft = `${this.#file}.draft`;
    try {
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, this.#file);
      this.#written = text;
    } catch {}
  }

  #read(): Position | null {
    try {
      const { epoch, position } = JSON.parse(readFileSync(this.#file, 'utf8')) as Position;
      return IS_POSITION.test(position) ? { epoch, position } : null;
    } catch {
      return null;
    }
  }
}

/** A position of the log as PostgreSQL writes it (`pg_lsn`): two hexadecimal numbers of 32 bits. */
const IS_POSITION = /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/;

function numberOf(position: string): bigint {
  const [high = '', low = ''] = position.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
