import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openConnection } from '../connection.js';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from '../limits.js';
import { migrate } from '../migrate.js';
import { MIGRATIONS } from '../schema.js';
import { salvageRows } from './salvage-store.js';

// Tests the salvage of a store with single decayed values, for every column of every table.

const directory = mkdtempSync(join(tmpdir(), 'everywire-decayed-columns-'));
afterAll(() => rmSync(directory, { recursive: true }));
const empty = join(directory, 'empty.db');

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

/** A store of the current schema. */
function openStore(path: string): Database {
  const database = openConnection(path, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  migrate(database, path, MIGRATIONS);
  return database;
}

const schema = openStore(empty);
const tables = schema
  .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
  .pluck()
  .all()
  .filter((name) => !/^(sqlite_|search_)/.test(name));
const columnsOf = (table: string) => schema.pragma(`table_info(${table})`) as readonly Column[];
const isRowid = (table: string, { type, pk }: Column): boolean =>
  type === 'INTEGER' &&
  pk === 1 &&
  !isWithoutRowid(table) &&
  columnsOf(table).filter((other) => other.pk > 0).length === 1;
const isWithoutRowid = (table: string): boolean =>
  /WITHOUT ROWID/i.test(
    schema.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table) ?? '',
  );
/** All columns but row ids, which SQLite stores only as integers. */
const cells = tables.flatMap((table) =>
  columnsOf(table)
    .filter((column) => !isRowid(table, column))
    .map((column) => ({ table, column })),
);
schema.close();

/** A value that the column's type does not accept. For text a number, which becomes text. */
const alien = ({ type }: Column): string => (type === 'BLOB' ? "'x'" : "x'00ff'");

/** An accepted value, different in each row. */
function sound({ type }: Column, row: number): string {
  if (type === 'TEXT') return `'value ${row}'`;
  return type === 'BLOB' ? `x'0${row}'` : String(row);
}

/** Writes a value of any type into a cell of the second row, as disk decay does but no statement of ours. */
function decay(path: string, table: string, column: Column): void {
  const alter = (sqlOf: (sql: string) => string, then = ''): void => {
    const database = openDatabase(path, { unsafe: true });
    database.pragma('ignore_check_constraints = ON');
    database.pragma('foreign_keys = OFF');
    if (then !== '') database.exec(then);
    database.pragma('writable_schema = ON');
    const sql = database.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table);
    database.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(sqlOf(sql ?? ''), table);
    database.close();
  };
  let strict = '';
  alter((sql) => {
    strict = sql;
    return sql.replace(/\bSTRICT\b(, )?/, '').replace(/,\s*$/, '');
  });
  const last = `rowid = (SELECT max(rowid) FROM ${table})`;
  const isKeyed = /WITHOUT ROWID/i.test(strict);
  const [first] = columnsBefore(path, table).filter(({ pk }) => pk > 0);
  const where = isKeyed && first !== undefined ? `WHERE ${first.name} = ${sound(first, 2)}` : `WHERE ${last}`;
  alter(() => strict, `UPDATE ${table} SET ${column.name} = ${alien(column)} ${where}`);
}

function columnsBefore(path: string, table: string): readonly Column[] {
  const database = openDatabase(path, { readonly: true });
  const columns = database.pragma(`table_info(${table})`) as readonly Column[];
  database.close();
  return columns;
}

it('the schema has columns to test', () => expect(cells.length).toBeGreaterThan(100));

it.each(cells.map(({ table, column }) => [table, column.name, column] as const))(
  'a value of another type in %s.%s gives up at most its row, and ends no copy',
  { tags: ['wide'] },
  (table, _name, column) => {
    const [file, backup] = ['store.db', 'salvaged.db'].map((name) => join(directory, name)) as [string, string];
    for (const path of [file, backup]) rmSync(path, { force: true });
    copyFileSync(empty, file);
    const writing = openDatabase(file);
    writing.pragma('ignore_check_constraints = ON');
    writing.pragma('foreign_keys = OFF');
    writing.exec(`DELETE FROM ${table}`);
    const columns = writing.pragma(`table_info(${table})`) as readonly Column[];
    for (const row of [1, 2])
      writing.exec(`INSERT INTO ${table} VALUES (${columns.map((each) => sound(each, row)).join()})`);
    writing.close();
    decay(file, table, column);
    const [from, to] = [openDatabase(file, { readonly: true }), openStore(backup)];
    to.pragma('ignore_check_constraints = ON');
    salvageRows(from, to);
    const kept = to.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    from.close();
    to.close();
    expect(kept).toBeGreaterThanOrEqual(1);
    expect(kept).toBeLessThanOrEqual(2);
  },
);
