import type { Database } from '../database/database.js';

/** The highest possible id: a higher number is decay of the disk. */
export const HIGHEST_ID: number = 2 ** 48;

/** Bytes that a row takes in the file, at least. */
const ROW_BYTES_MIN = 16;

/** Returns the maximum number of rows in a store of this size: a higher head or id is decay, and has no rows. */
export function possibleRows(database: Database): number {
  const [pages, bytes] = ['page_count', 'page_size'].map((name) => Number(database.pragma(name, { simple: true })));
  return Math.floor(((pages ?? 0) * (bytes ?? 0)) / ROW_BYTES_MIN);
}
