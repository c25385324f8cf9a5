import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { CommandKey } from '@everywire/chat';
import { readStored } from './damage/stored-value.js';
import type { Database } from './database/database.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * After this many new keys, twice as many expired keys are removed. So the table has hardly more than the live keys.
 */
const SWEEP_EVERY = 64;

type KnownKey =
  | { readonly kind: 'new' }
  | { readonly kind: 'other' }
  | { readonly kind: 'repeated'; readonly result: unknown };

/**
 * The table `command_key`: the results of commands by user and command id, so that a repeated command gets the stored
 * result and has no second effect (CH-18).
 */
export interface CommandKeys {
  /**
   * Looks up a command id. `new`: there is no key, or it has expired. `repeated`: the user sent the same command
   * before. `other`: the user used the id for another command. A key from before the last start of the process is
   * always `repeated`, because its hash cannot be compared.
   */
  find(key: CommandKey): KnownKey;
  keep(key: CommandKey, result: unknown): void;
}

/**
 * Creates the table's statements. Keys expire after `days`, by the times of the commands. These must come from a clock
 * that does not follow a jump (decision 0633), because there is no second clock to compare with.
 */
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

/** Matches the hashes that older versions stored: the SHA-256 of the command. */
const plainHash = /^[0-9a-f]{64}$/;

/**
 * Hashes commands for storage. An attacker with the file could find a short text by hashing guesses, for days after the
 * message was recalled. So the stored hash is an HMAC under a secret of this process. After the process has ended, no
 * guess can be checked any more; the next process has another secret.
 */
function createCommandMac() {
  const key = createSecretKey(randomBytes(32)); // Node 24 takes five times as long with the bytes themselves.
  // The beginning of every hash under this key; it identifies the key.
  const prefix = `${randomBytes(6).toString('base64url')}.`;
  const of = (hash: string): string => prefix + createHmac('sha256', key).update(hash).digest('base64url');
  return {
    of,
    /** Returns whether the stored hash may belong to the command with this hash; `true` if they cannot be compared. */
    mayBe: (stored: string, hash: string): boolean => {
      if (stored.startsWith(prefix)) return stored === of(hash);
      return plainHash.test(stored) ? stored === hash : true;
    },
  };
}
