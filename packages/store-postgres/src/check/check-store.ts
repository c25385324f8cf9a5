import { type Database, openDatabase } from '../database/database.js';
import { asOpeningError } from '../database/postgres-store-error.js';
import { requireComplete } from '../opening/filling.js';
import { requireMigrated } from '../schema.js';
import { checkRange, LAST_ID } from './check-range.js';
import { Findings } from './findings.js';
import { unreadableOf } from './unreadable.js';

/** The result of `checkPostgresStore`. */
export interface PostgresCheck {
  /** One sentence for each damaged part, at most 100; empty for a sound store. */
  readonly damage: readonly string[];
  /** Whether PostgreSQL verifies a checksum of each page that it reads from the disk. */
  readonly hasChecksums: boolean;
}

/** Conversations of one snapshot. A snapshot delays the cleanup of old row versions (vacuum) while it is open. */
const CONVERSATIONS_AT_ONCE = 500;

const TABLES = `SELECT relname::text AS name, format('SELECT count(whole::text) FROM %I whole', relname) AS read FROM pg_class
  WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace ORDER BY relname`;

/**
 * Checks the whole store at `url` for damage, also while servers run; writes nothing. First reads every row of every
 * table, so that PostgreSQL verifies its pages and values, then compares what the tables record of each conversation
 * (`LogCheck`, `MembersCheck`, `checkRange`). PostgreSQL's `pg_amcheck` checks the indexes.
 *
 * @throws PostgresStoreError when the database cannot be opened or has no tables of this version
 */
export async function checkPostgresStore({ url }: { readonly url: string }): Promise<PostgresCheck> {
  const database = openDatabase({ url, connectionsMax: 1, isPatient: true });
  try {
    await requireMigrated(database);
    await requireComplete(database);
    const findings = new Findings();
    await readTables(database, findings);
    await checkConversations(database, findings);
    const [{ checksums = '' } = {}] = await database.query<{ checksums: string }>(
      "SELECT current_setting('data_checksums') AS checksums",
    );
    return { damage: findings.lines, hasChecksums: checksums === 'on' };
  } catch (error) {
    throw asOpeningError(error);
  } finally {
    await database.close();
  }
}

/** Reads every column of every row, and adds PostgreSQL's first error in each table. */
async function readTables(database: Database, findings: Findings): Promise<void> {
  for (const { name, read } of await database.query<{ name: string; read: string }>(TABLES))
    try {
      await database.query(read);
    } catch (error) {
      findings.add(`the table ${name} cannot be read: ${unreadableOf(error)}`);
    }
}

/** Checks all conversations, many at once. If a part of these cannot be read, checks each of them alone. */
async function checkConversations(database: Database, findings: Findings): Promise<void> {
  let alone = 0;
  for (let after = 0; after !== LAST_ID && !findings.isFull; ) {
    const size = alone > 0 ? 1 : CONVERSATIONS_AT_ONCE;
    const { until, lines, unreadable } = await checkRange(database, { after, size });
    if (unreadable !== null && size > 1) {
      alone = CONVERSATIONS_AT_ONCE;
      continue;
    }
    findings.add(...lines);
    if (unreadable !== null)
      findings.add(
        until === null || until === LAST_ID
          ? `conversations after ${after} cannot be read: ${unreadable}`
          : `conversation ${until} cannot be read: ${unreadable}`,
      );
    after = until ?? LAST_ID;
    alone -= 1;
  }
}
