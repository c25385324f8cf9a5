import type { ExportedTable, ExportedValue, StoreExport } from '@everywire/chat';
import { BLOCK_MESSAGES } from '@everywire/chat/internal';
import { type Database, openDatabase, type Queries } from '../database/database.js';
import { asOpeningError, PostgresStoreError } from '../database/postgres-store-error.js';
import { DELETED } from '../log/conversation-row.js';
import { FIRST_STAMP } from '../log/listed-sql.js';
import { migrate } from '../schema.js';
import { beginFilling, endFilling, fillingFrom } from './filling.js';
import { RowSum } from './row-sum.js';

/** Options of `importPostgresStore`. */
export interface ImportOptions {
  /** The address of an empty database, or of one with an interrupted import of the same store. */
  readonly url: string;
  readonly source: StoreExport;
  /** Called for each table when all its rows are copied, and again when they are compared. */
  readonly onTable?: (table: string, rows: number, step: 'copied' | 'compared') => void;
}

interface Column {
  readonly name: string;
  /** The PostgreSQL type. */
  readonly type: string;
}

/** The number of rows that one transaction copies. */
const BATCH_ROWS = 1_000;

/**
 * Copies all rows of another store into an empty database, then reads them back and compares row counts and sums of
 * hashes per table. The result is a separate store with a new epoch (id of its history). An interrupted import resumes:
 * the rows of a table are always copied in the same order, so the number of copied rows shows where to continue.
 *
 * @throws PostgresStoreError `store_exists` for a database with other tables; `store_incomplete` when it has an
 *   interrupted import of another store; `store_differs` when the rows read back differ from those sent
 */
export async function importPostgresStore({ url, source, onTable }: ImportOptions): Promise<void> {
  const database = openDatabase({ url, connectionsMax: 1, isPatient: true });
  try {
    await begin(database, source.epoch);
    for (const table of source.tables) {
      const rows = await copy(database, table);
      onTable?.(table.name, rows, 'copied');
    }
    for (const table of source.tables) {
      const rows = await compare(database, table);
      onTable?.(table.name, rows, 'compared');
    }
    await finish(database);
  } catch (error) {
    throw asOpeningError(error);
  } finally {
    await database.close();
  }
}

async function begin(database: Database, epoch: string): Promise<void> {
  const begun = await fillingFrom(database);
  if (begun === epoch) {
    await migrate(database);
    return;
  }
  if (begun !== null)
    throw new PostgresStoreError(
      'store_incomplete',
      'Another store was begun to be moved to this database. Begin with an empty one.',
    );
  await beginFilling(database, epoch);
  await migrate(database);
}

/** Copies the rows of a table that are not copied yet; returns the total number of rows. */
async function copy(database: Database, table: ExportedTable): Promise<number> {
  const columns = await columnsOf(database, table);
  const kept = columns.map(({ name }) => name);
  const arrays = columns.map(({ type }, at) => `$${at + 1}::${type}[]`);
  const isStamped = STAMPED.includes(table.name);
  const insert = `INSERT INTO ${table.name} (${kept.join(', ')}${isStamped ? ', stamp' : ''})
    SELECT u.*${isStamped ? `, '${FIRST_STAMP}'::xid8` : ''} FROM unnest(${arrays.join(', ')}) AS u(${kept.join(', ')})`;
  const write = async (rows: readonly (readonly ExportedValue[])[]): Promise<void> => {
    const values = columns.map(({ type }, at) => rows.map((row) => asValue(row[at] ?? null, type)));
    await database.transaction((to) => to.query(insert, values));
  };
  const copied = await countOf(database, table.name);
  let count = 0;
  let batch: (readonly ExportedValue[])[] = [];
  for (const row of table.rows()) {
    count += 1;
    if (count <= copied) continue;
    batch.push(row);
    if (batch.length < BATCH_ROWS) continue;
    await write(batch);
    batch = [];
  }
  if (batch.length > 0) await write(batch);
  return count;
}

function asValue(value: ExportedValue, type: string): ExportedValue | boolean {
  return type === 'boolean' && value !== null ? value === 1 : value;
}

/** Tables with stamps (ids of transactions), which have no meaning in another database and are not exported. */
const STAMPED: readonly string[] = ['conversation', 'inbox'];

/** Returns the exported columns in order, with their types in this database. */
async function columnsOf(at: Queries, { name: table, columns }: ExportedTable): Promise<readonly Column[]> {
  const found = await at.query<Column & { readonly needed: boolean }>(
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, attnotnull AND NOT atthasdef AND attidentity = '' AS needed
     FROM pg_attribute WHERE attrelid = to_regclass($1::text) AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const missing = found.filter(({ name, needed }) => needed && name !== 'stamp' && !columns.includes(name));
  const unknown = columns.filter((name) => !found.some((column) => column.name === name));
  if (missing.length + unknown.length > 0)
    throw new Error(`Of ${table}: ${missing.map(({ name }) => name)} not sent, ${unknown} not known.`);
  return columns.map((name) => found.find((column) => column.name === name) as Column);
}

async function countOf(at: Queries, table: string): Promise<number> {
  const [{ rows = 0 } = {}] = await at.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`);
  return rows;
}

/** Compares the rows of a table with those sent; returns their number. Throws if they differ. */
async function compare(database: Database, table: ExportedTable): Promise<number> {
  const sent = new RowSum();
  for (const row of table.rows()) sent.add(row);
  const kept = new RowSum();
  await database.snapshot(async (at) => {
    await at.query(`DECLARE kept NO SCROLL CURSOR FOR SELECT ${table.columns.join(', ')} FROM ${table.name}`);
    for (;;) {
      const rows = await at.query<Record<string, ExportedValue | boolean>>(`FETCH ${BATCH_ROWS} FROM kept`);
      if (rows.length === 0) return;
      for (const row of rows) kept.add(table.columns.map((name) => row[name] ?? null));
    }
  });
  if (!kept.equals(sent))
    throw new PostgresStoreError(
      'store_differs',
      `Of the table ${table.name}, ${sent.rows} rows were sent and ${kept.rows} are there, or others. Begin again with an empty database, while no program uses either.`,
    );
  return kept.rows;
}

/**
 * Restores derived data: the next ids, the queue of blocks of messages that need a search filter, and the statistics,
 * without which the planner would choose slow plans for the first reads. The import ends with the commit.
 */
async function finish(database: Database): Promise<void> {
  await database.transaction(async (at) => {
    for (const [sequence, table] of [
      ["'conversation_id'", 'conversation'],
      ["pg_get_serial_sequence('account', 'id')", 'account'],
    ])
      await at.query(`SELECT setval(${sequence}, greatest(max(id), 1), max(id) IS NOT NULL) FROM ${table}`);
    await at.query(
      `INSERT INTO search_due (conversation, block)
       SELECT id, block FROM conversation, generate_series(0, sequence / ${BLOCK_MESSAGES} - 1) AS block WHERE flags & ${DELETED} = 0`,
    );
    await at.query('ANALYZE');
    await endFilling(at);
  });
}
