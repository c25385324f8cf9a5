import { createHash } from 'node:crypto';
import type { Accounts, Identity, User } from '@everywire/chat';
import type { Database, Queries } from '../database/database.js';
import type { AccountChanges } from './account-changes.js';
import { parseUser, USER_COLUMNS, type UserRow } from './user-row.js';
import { createAccount } from './write-people.js';

type Identities = Pick<Accounts, 'userOf' | 'createUserOf'>;

/**
 * Finds the account of an identity, even a deleted account. A hash is in at most one of the two tables, because the
 * deletion of an account moves its identities.
 */
const FIND = `SELECT ${USER_COLUMNS} FROM account WHERE id =
  coalesce((SELECT account FROM identity WHERE hash = $1::text), (SELECT account FROM former_identity WHERE hash = $1::text))`;
const INSERT = 'INSERT INTO identity (hash, identity, account) VALUES ($1::text, $2::text, $3::int8)';

/**
 * Implements `Identities`, accounts of external sign-in providers, over the tables `identity` and `former_identity`.
 */
export function createIdentities(database: Database, changes: AccountChanges): Identities {
  return {
    userOf: (identity) => find(database, hashOf(textOf(identity))),
    createUserOf: (identity, user) =>
      changes.ofAll(async (at) => {
        const text = textOf(identity);
        const known = await find(at, hashOf(text));
        if (known !== null) return known;
        const created = await createAccount(at, user);
        if (created !== null) await at.query(INSERT, [hashOf(text), text, created.id]);
        return created;
      }),
  };
}

async function find(at: Queries, hash: string): Promise<User | null> {
  const [row] = await at.query<UserRow>(FIND, [hash]);
  return row === undefined ? null : parseUser(row);
}

function textOf({ issuer, subject }: Identity): string {
  return JSON.stringify([issuer, subject]);
}

/**
 * Returns the hash of an identity, computed as in the SQLite store, so that identities of deleted accounts stay locked
 * out after a migration between the two stores.
 */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
