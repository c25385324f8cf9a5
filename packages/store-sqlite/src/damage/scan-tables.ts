import type { Database } from '../database/database.js';
import { type Damage, tableDamage } from './damage.js';
import { describeFailedStep } from './scan-failure.js';

interface TableScan {
  readonly database: Database;
  /** The most rows of a table that SQLite checks in one step. */
  readonly tableRowsMax: number;
  /** The number of rows that one step reads in a larger table. */
  readonly rowsAtOnce: number;
  readonly note: (damage: Damage) => void;
}

/** The most lines of SQLite's check that are reported per table. */
const LINES_MAX = 10;

/**
 * Scans all tables and their indexes for damage; each `yield` ends a step, which is one short read.
 *
 * SQLite's `integrity_check` of a table also compares the table with its indexes, but it cannot be divided into steps.
 * So a table with more than `tableRowsMax` rows, and each of its indexes, is read from end to end instead, some rows
 * per step.
 */
export function* scanTables(scan: TableScan): Generator<void> {
  const tables = scan.database
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all();
  for (const table of tables) {
    yield;
    try {
      if (isLarge(scan, table)) yield* scanLargeTable(scan, table);
      else checkTable(scan, table);
    } catch (error) {
      scan.note(tableDamage('unreadable', table, describeFailedStep(error)));
    }
  }
}

function isLarge({ database, tableRowsMax }: TableScan, table: string): boolean {
  const rows = database.prepare<[number], number>(`SELECT count(*) FROM (SELECT 1 FROM ${table} LIMIT ?)`).pluck();
  return (rows.get(tableRowsMax + 1) ?? 0) > tableRowsMax;
}

function checkTable({ database, note }: TableScan, table: string): void {
  const lines = database.prepare<[], string>(`PRAGMA integrity_check(${table})`).pluck().all();
  for (const line of lines.flatMap((text) => text.split('\n')).slice(0, LINES_MAX)) {
    if (line !== 'ok' && !line.startsWith('***')) note(tableDamage('structure', table, line));
  }
}

interface IndexColumn {
  readonly name: string | null;
  readonly cid: number;
}

function* scanLargeTable(scan: TableScan, table: string): Generator<void> {
  const { database } = scan;
  const columns = database.pragma(`table_info(${table})`) as { readonly name: string; readonly pk: number }[];
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  yield* walk(
    scan,
    `SELECT ${key.map(({ name }) => name).join()}, * FROM ${table}`,
    '',
    key.map(({ name }) => name),
  );
  const indexes = database
    .prepare<[string], { readonly name: string; readonly sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
    )
    .all(table);
  for (const { name, sql } of indexes) {
    const parts = database.pragma(`index_xinfo(${name})`) as IndexColumn[];
    const names = parts.map((part) => part.name ?? 'rowid');
    const where = /\bWHERE\b([\s\S]*)$/i.exec(sql)?.[1] ?? '';
    yield* walk(scan, `SELECT ${names.join()} FROM ${table} INDEXED BY ${name}`, where, names);
  }
}

/**
 * Reads all rows of `select` in the order of `key`, whose columns must be the first of `select`. Ends at a key with
 * NULL, because the next step could not continue after it.
 */
function* walk(
  { database, rowsAtOnce }: TableScan,
  select: string,
  where: string,
  key: readonly string[],
): Generator<void> {
  const order = `ORDER BY ${key.join()} LIMIT ${rowsAtOnce}`;
  const only = where === '' ? '' : `WHERE ${where}`;
  const beyond = `${where === '' ? '' : `(${where}) AND`} (${key.join()}) > (${key.map(() => '?').join()})`;
  // Integers are read exactly: if a damaged large number were rounded down, the next step would find it again.
  const prepare = (sql: string) => database.prepare<unknown[], unknown[]>(sql).raw().safeIntegers();
  const first = prepare(`${select} ${only} ${order}`);
  const next = prepare(`${select} WHERE ${beyond} ${order}`);
  for (let rows = first.all(); rows.length > 0; ) {
    const last = rows.at(-1)?.slice(0, key.length) ?? [];
    if (rows.length < rowsAtOnce || last.includes(null)) return;
    yield;
    rows = next.all(...last);
  }
}
