import type { FrameKind } from './frames.js';
import { RECORD_BYTES_MAX } from './records.js';

/** Maximum bytes that the parts of all senders may take: two of the longest records. */
const PARTS_BYTES_MAX = 2 * RECORD_BYTES_MAX;
/** Bytes that a part takes besides its content; otherwise many short parts could take any amount of memory. */
const PART_COST = 512;

/** The received parts of a record that is not complete yet. */
interface PartialRecord {
  readonly parts: Buffer[];
  bytes: number;
}

/**
 * Joins the parts of records (encoded publications) that are too long for one frame. Senders share one budget of memory.
 * When it is exceeded, the record that began first is dropped: parts arrive in quick succession, so it is the one that
 * is least likely to be completed.
 */
export class PartialRecords {
  readonly #onLost: () => void;
  /** By sender, oldest first. */
  readonly #records = new Map<string, PartialRecord>();
  #bytes = 0;

  /** `onLost` is called when a record is dropped for its length or for the budget. */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
  }

  /** Adds a part. Returns the record if it is complete. Ignores a part whose first part is missing. */
  add(from: string, kind: FrameKind, part: Buffer): Buffer | null {
    if (kind === 'firstPart') {
      this.drop(from);
      this.#records.set(from, { parts: [], bytes: 0 });
    }
    const record = this.#records.get(from);
    if (record === undefined) return null;
    if (part.length === 0 || record.bytes + part.length > RECORD_BYTES_MAX) {
      this.#lose(from);
      return null;
    }
    record.parts.push(part);
    record.bytes += part.length;
    this.#bytes += part.length + PART_COST;
    if (kind === 'lastPart') {
      this.drop(from);
      return Buffer.concat(record.parts);
    }
    for (const [oldest] of this.#records) {
      if (this.#bytes <= PARTS_BYTES_MAX) break;
      this.#lose(oldest);
    }
    return null;
  }

  /** Drops the parts of a sender. */
  drop(from: string): void {
    const record = this.#records.get(from);
    if (record === undefined) return;
    this.#bytes -= record.bytes + record.parts.length * PART_COST;
    this.#records.delete(from);
  }

  #lose(from: string): void {
    this.drop(from);
    this.#onLost();
  }
}
