import type { Database, Statement } from '../database/database.js';
import { inTransaction } from '../database/transaction.js';
import { errorCode } from '../store-file-error.js';
import { isDamageError } from './damage-log.js';
import { possibleRows } from './possible-rows.js';
import { createLastOf } from './scan-log.js';

/**
 * The tables that are not copied: search filters are rebuilt from the saved messages. The initial rows that a new store
 * has in other tables are overwritten.
 */
const NOT_COPIED = /^(sqlite_|search_)/;

interface TableCopy {
  readonly from: Database;
  readonly to: Database;
  readonly table: string;
  /** Columns of the primary key, in order. */
  readonly key: readonly string[];
  /** All columns, separated by commas. */
  readonly columns: string;
  readonly insert: Statement<unknown[]>;
}

/**
 * Copies every readable row from a damaged store to a new, empty one of the same schema. Reads a table from its
 * beginning and from its end, as far as possible; then searches the rows in between by conversation, sequence or id.
 */
export function salvageRows(from: Database, to: Database): void {
  to.pragma('foreign_keys = OFF');
  const tables = to
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    .pluck()
    .all();
  // Conversations come first, because the rows of other tables are searched by the ids of conversations.
  for (const table of tables.filter((name) => !NOT_COPIED.test(name))) {
    inTransaction(to, () => copyTable(from, to, table));
  }
}

function copyTable(from: Database, to: Database, table: string): void {
  const columns = to.pragma(`table_info(${table})`) as { readonly name: string; readonly pk: number }[];
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const names = columns.map(({ name }) => name).join();
  const insert = to.prepare<unknown[]>(
    `INSERT OR IGNORE INTO ${table} (${names}) VALUES (${columns.map(() => '?').join()})`,
  );
  to.exec(`DELETE FROM ${table}`);
  const copy: TableCopy = { from, to, table, key: key.map(({ name }) => name), columns: names, insert };
  if (copyFromBothEnds(copy, '', [])) return;
  if (copy.key[0] === 'conversation') copyByConversation(copy);
  else if (copy.key.length === 1) copyById(copy, copy.key[0] ?? 'rowid');
}

/** Copies a table from both ends, up to an unreadable row; returns `true` if all rows were readable. */
function copyFromBothEnds(
  { from, table, key, columns, insert }: TableCopy,
  where: string,
  values: readonly unknown[],
): boolean {
  const read = (order: string): boolean => {
    try {
      const rows = from
        .prepare<unknown[], unknown[]>(`SELECT ${columns} FROM ${table} ${where} ORDER BY ${order}`)
        .raw();
      for (const row of rows.iterate(...values)) insertIfSound(insert, row);
      return true;
    } catch (error) {
      if (isDamageError(error)) return false;
      throw error;
    }
  };
  return read(key.join()) || (read(key.map((name) => `${name} DESC`).join()) && false);
}

/** Inserts a row. Skips a row with a value of another type than its column, like an unreadable row. */
function insertIfSound(insert: Statement<unknown[]>, row: readonly unknown[]): void {
  try {
    insert.run(...row);
  } catch (error) {
    if (!refusedValues.has(errorCode(error))) throw error;
  }
}

const refusedValues: ReadonlySet<string> = new Set(['SQLITE_CONSTRAINT_DATATYPE', 'SQLITE_MISMATCH', 'SQLITE_TOOBIG']);

function copyByConversation(copy: TableCopy): void {
  const { from, to, table, key } = copy;
  const lastOf = createLastOf(from);
  const heads = to.prepare<[], { id: number; sequence: number }>('SELECT id, sequence FROM conversation').all();
  for (const { id, sequence: head } of heads) {
    const isWhole = copyFromBothEnds(copy, 'WHERE conversation = ?', [id]);
    if (isWhole || table !== 'message' || key.length !== 2) continue;
    const has = to.prepare<[number, number], number>('SELECT 1 FROM message WHERE conversation = ? AND sequence = ?');
    const copyOne = rowCopier(copy, 'conversation = ? AND sequence = ?');
    // The head (last sequence) may be damaged and have any value.
    const last = Math.min(head, lastOf(id));
    for (let sequence = 1; sequence <= last; sequence += 1) {
      if (has.get(id, sequence) === undefined) copyOne(id, sequence);
    }
  }
}

/**
 * Returns a function that copies the row with these values, if it exists and is readable. Prepared once, for millions
 * of rows.
 */
function rowCopier({ from, table, columns, insert }: TableCopy, where: string): (...values: readonly number[]) => void {
  const row = from.prepare<unknown[], unknown[]>(`SELECT ${columns} FROM ${table} WHERE ${where}`).raw();
  return (...values) => {
    try {
      const found = row.get(...values);
      if (found !== undefined) insertIfSound(insert, found);
    } catch (error) {
      if (!isDamageError(error)) throw error;
    }
  };
}

/** Copies rows by their numeric ids. Rows with other keys cannot be searched one by one. */
function copyById(copy: TableCopy, id: string): void {
  const highest = copy.to.prepare<[], unknown>(`SELECT max(${id}) FROM ${copy.table}`).pluck().get();
  if (typeof highest !== 'number') return;
  const last = Math.min(highest, possibleRows(copy.from));
  const copyOne = rowCopier(copy, `${id} = ?`);
  for (let each = 1; each <= last; each += 1) copyOne(each);
}
