import type { Database } from '../database/database.js';
import { inTransaction } from '../database/transaction.js';
import { HIGHEST_ID } from './possible-rows.js';

/** The names of columns that have the id of an account, in any table. */
const ACCOUNT_COLUMNS: ReadonlySet<string> = new Set([
  'account',
  'blocked',
  'creator',
  'direct_larger',
  'direct_smaller',
  'owner',
  'sender',
  'user',
]);

/** The tables with the means by which an account can sign in. */
const WAYS_IN = ['credential', 'identity', 'link', 'second_factor', 'recovery_code'] as const;

/**
 * Ensures that the ids of lost accounts are not reused, and that no one can sign in as a lost account. `database` is a
 * copy that no other connection has open. `highest` is the highest id that the damaged store had assigned, as far as is
 * known.
 *
 * Returns the ids of the lost accounts that rows of the copy refer to, ascending.
 */
export function giveUpLostAccounts(database: Database, highest: number): readonly number[] {
  return inTransaction(database, () => {
    const named = namedAccounts(database);
    for (const table of WAYS_IN) {
      database.exec(`DELETE FROM ${table} WHERE account IS NOT NULL AND account NOT IN (SELECT id FROM account)`);
    }
    const used = database.prepare<[], number>('SELECT id FROM account').pluck().all();
    raiseSequence(database, [...named, ...used, highest]);
    const kept = new Set(used);
    return named.filter((id) => !kept.has(id)).sort((a, b) => a - b);
  });
}

/** Returns the highest account id ever assigned; 0 if the counter is unreadable. */
export function highestAccountGiven(database: Database): number {
  return database.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'account'").pluck().get() ?? 0;
}

function namedAccounts(database: Database): readonly number[] {
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  const named = new Set<number>();
  for (const table of tables) {
    const columns = database.pragma(`table_info(${table})`) as { readonly name: string }[];
    for (const { name } of columns.filter((column) => ACCOUNT_COLUMNS.has(column.name))) {
      const ids = database.prepare<[number], number>(
        `SELECT DISTINCT ${name} FROM ${table} WHERE ${name} BETWEEN 1 AND ?`,
      );
      for (const id of ids.pluck().all(HIGHEST_ID)) named.add(id);
    }
  }
  return [...named];
}

function raiseSequence(database: Database, ids: readonly number[]): void {
  const highest = ids.reduce((a, b) => Math.max(a, b), highestAccountGiven(database));
  database.exec("DELETE FROM sqlite_sequence WHERE name = 'account'");
  database.prepare<[number]>("INSERT INTO sqlite_sequence (name, seq) VALUES ('account', ?)").run(highest);
}
