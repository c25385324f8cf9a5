import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { CommandKey } from '@everywire/chat';
import { readStored } from './damage/stored-value.js';
import type { Database } from './database/database.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** After this many new keys, removes twice as many expired ones, which bounds the table by the live keys. */
const SWEEP_EVERY = 64;

type KnownKey =
  | { readonly kind: 'new' }
  | { readonly kind: 'other' }
  | { readonly kind: 'repeated'; readonly result: unknown };

/** The table `command_key` (CH-18). */
export interface CommandKeys {
  /**
   * Looks up a command id. `other`: the user used the id for another command. An expired key is `new`. A key from
   * before the last start is `repeated`, whatever the command.
   */
  find(key: CommandKey): KnownKey;
  keep(key: CommandKey, result: unknown): void;
}

/** Creates the table's statements. Keys expire after `days`. */
export function createCommandKeys(database: Database, days: number): CommandKeys {
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
  const mac = createCommandMac();
  let kept = 0;
  return {
    find: (key) => {
      const row = find.get(Buffer.from(key.id, 'hex'), key.user);
      if (row === undefined) return { kind: 'new' };
      const [hash, at, result] = row;
      if (at < key.at - days * DAY_MS) return { kind: 'new' };
      if (!mac.mayBe(hash, key.hash)) return { kind: 'other' };
      const parsed: unknown = readStored(
        () => `the result of a command of user ${key.user}`,
        () => JSON.parse(result),
      );
      return { kind: 'repeated', result: parsed };
    },
    keep: (key, result) => {
      keep.run(Buffer.from(key.id, 'hex'), key.user, mac.of(key.hash), key.at, JSON.stringify(result ?? null));
      kept += 1;
      if (kept % SWEEP_EVERY === 0) sweep.run(key.at - days * DAY_MS, 2 * SWEEP_EVERY);
    },
  };
}

/** The form stored by older versions: SHA-256 of the command. */
const plainHash = /^[0-9a-f]{64}$/;

/**
 * Hashes commands for storage. The plain hash of a short text could be guessed for days after the message was recalled,
 * so it is keyed by a secret of this process. After the process has ended no guess can be checked, not even by the next
 * process.
 */
function createCommandMac() {
  const key = createSecretKey(randomBytes(32)); // Node 24 takes five times as long with the bytes themselves.
  const ours = `${randomBytes(6).toString('base64url')}.`;
  const of = (hash: string): string => ours + createHmac('sha256', key).update(hash).digest('base64url');
  return {
    of,
    /** Returns false if the two are certainly of different commands. */
    mayBe: (kept: string, hash: string): boolean => {
      if (kept.startsWith(ours)) return kept === of(hash);
      return plainHash.test(kept) ? kept === hash : true;
    },
  };
}
