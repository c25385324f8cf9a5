import type { CommandKey } from '@everywire/chat';
import type Database from 'better-sqlite3';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** After so many new keys, twice as many expired ones are removed: the table cannot outgrow what is alive for long. */
const SWEEP_EVERY = 64;

type KnownKey =
  | { readonly kind: 'new' }
  | { readonly kind: 'other' }
  | { readonly kind: 'repeated'; readonly result: unknown };

/** The table `command_key` (CH-18). */
export interface CommandKeys {
  /** `other`: the id was used by this user for another command. A key past its days is `new` again. */
  find(key: CommandKey): KnownKey;
  keep(key: CommandKey, result: unknown): void;
}

export function createCommandKeys(database: Database.Database, days: number): CommandKeys {
  const find = database
    .prepare<[Buffer, number], [hash: string, at: number, result: string]>(
      'SELECT hash, at, result FROM command_key WHERE id = ? AND user = ?',
    )
    .raw();
  const keep = database.prepare<[Buffer, number, string, number, string]>(
    'INSERT OR REPLACE INTO command_key (id, user, hash, at, result) VALUES (?, ?, ?, ?, ?)',
  );
  const sweep = database.prepare<[number, number]>(
    `DELETE FROM command_key WHERE (id, user) IN
     (SELECT id, user FROM command_key INDEXED BY command_key_at WHERE at < ? ORDER BY at LIMIT ?)`,
  );
  let kept = 0;
  return {
    find: (key) => {
      const row = find.get(Buffer.from(key.id, 'hex'), key.user);
      if (row === undefined) return { kind: 'new' };
      const [hash, at, result] = row;
      if (at < key.at - days * DAY_MS) return { kind: 'new' };
      return hash === key.hash ? { kind: 'repeated', result: JSON.parse(result) } : { kind: 'other' };
    },
    keep: (key, result) => {
      keep.run(Buffer.from(key.id, 'hex'), key.user, key.hash, key.at, JSON.stringify(result ?? null));
      kept += 1;
      if (kept % SWEEP_EVERY === 0) sweep.run(key.at - days * DAY_MS, 2 * SWEEP_EVERY);
    },
  };
}
