import type { Database } from '../database/database.js';

/** Above this a number is no id that was ever given, but decay of the disk. */
export const HIGHEST_ID: number = 2 ** 48;

/** Bytes that a row of a table takes at least, with all that the file keeps of it. */
const ROW_BYTES_MIN = 16;

/** Rows that a store of this size can have at most: a head or an id above it is decay, and nothing lies there. */
export function possibleRows(database: Database): number {
  const [pages, bytes] = ['page_count', 'page_size'].map((name) => Number(database.pragma(name, { simple: true })));
  return Math.floor(((pages ?? 0) * (bytes ?? 0)) / ROW_BYTES_MIN);
}
