import type { Database } from '../database/database.js';

/** The highest id that a store can have assigned. A higher number is an error of the disk. */
export const HIGHEST_ID: number = 2 ** 48;

/** The fewest bytes that a row takes in the file. */
const ROW_BYTES_MIN = 16;

/** Returns the most rows that a store of this size can have. A higher head or id of a damaged row is not followed. */
export function possibleRows(database: Database): number {
  const [pages, bytes] = ['page_count', 'page_size'].map((name) => Number(database.pragma(name, { simple: true })));
  return Math.floor(((pages ?? 0) * (bytes ?? 0)) / ROW_BYTES_MIN);
}
