import type { Database } from '../database/database.js';
import { inTransaction } from '../database/transaction.js';
import { HIGHEST_ID } from './possible-rows.js';

/** Columns that hold the id of an account, in any table. */
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

/** What an account is signed in to with, or can be. */
const WAYS_IN = ['credential', 'identity', 'link', 'second_factor', 'recovery_code'] as const;

/**
 * Makes sure, in a copy that nobody else has open, that no newcomer gets the id of an account that was lost, and that nobody can sign in to one.
 * The ids stay unused. `highest` is the highest id that the damaged store had given, as far as it can say so.
 *
 * Answers the lost accounts that something in the copy names, by id.
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

/** The highest id that was given to an account; 0 where the counter cannot be read. */
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
