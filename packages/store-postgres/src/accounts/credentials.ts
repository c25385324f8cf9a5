import { type Accounts, type ChatLimits, type Credential, type RevokedCredentials, StoreError } from '@everywire/chat';
import type { Database, Queries } from '../database/database.js';
import type { AccountChanges } from './account-changes.js';
import { moveSeen, USE_STEP_MS } from './seen-at.js';
import { isStorable } from './storable-text.js';
import { parseUser, USER_COLUMNS, type UserRow } from './user-row.js';
import { hasPasswordHash } from './write-people.js';

type Credentials = Pick<
  Accounts,
  'createCredential' | 'useCredential' | 'noteTransport' | 'credentials' | 'countCredentials' | 'revokeCredentials'
>;
type Ended = readonly { readonly id: string }[];
/** A user row joined with a credential, whose columns are aliased where the names clash. */
type UsedRow = UserRow &
  Pick<Credential, 'label' | 'usedAt' | 'transport'> & { credential: string; signedInAt: number };

const DAY_MS = 24 * 60 * 60 * 1_000;
/** An SQL order: the most recently used sign-ins first. */
const LATEST_USE = 'used_at DESC, created_at DESC, id DESC';

const INSERT = `INSERT INTO credential (id, account, label, created_at, used_at, transport, token_hash)
  VALUES ($1::text, $2::int8, $3::text, $4::int8, $5::int8, $6::text, $7::text)`;
/** Ends all sign-ins of account $1 except $2 and, of the others, the $3 most recently used ones. */
const END_UNUSED = `DELETE FROM credential WHERE id IN
    (SELECT id FROM credential WHERE account = $1::int8 AND id <> $2::text ORDER BY ${LATEST_USE} OFFSET $3::int8)
  RETURNING id`;
const BY_TOKEN = `SELECT ${USER_COLUMNS}, credential.id AS credential, credential.label, credential.created_at AS "signedInAt",
    credential.used_at AS "usedAt", credential.transport
  FROM credential JOIN account ON account.id = credential.account WHERE credential.token_hash = $1::text AND account.state = 0`;
const SET_USED = `UPDATE credential SET used_at = $2::int8 WHERE id = $1::text AND abs($2::int8 - used_at) >= ${USE_STEP_MS}`;
/** Ends an expired sign-in, unless another node has recorded a later use. */
const END_EXPIRED = 'DELETE FROM credential WHERE id = $1::text AND used_at <= $2::int8';
const SET_TRANSPORT = 'UPDATE credential SET transport = $2::text WHERE id = $1::text';
const OF_USER = `SELECT id, account AS "user", label, created_at AS "createdAt", used_at AS "usedAt", transport FROM
    (SELECT * FROM credential WHERE account = $1::int8 ORDER BY ${LATEST_USE} LIMIT $2::int8) AS latest
  ORDER BY created_at, id`;
const COUNT = 'SELECT count(*) AS n FROM credential WHERE account = $1::int8';
const END_OTHERS = 'DELETE FROM credential WHERE account = $1::int8 AND id <> $2::text RETURNING id';
const END_SOME = 'DELETE FROM credential WHERE account = $1::int8 AND id = ANY($2::text[]) RETURNING id';

/**
 * Implements `Credentials` over the table `credential`, whose rows are the sign-ins of users. A use of a sign-in within
 * a minute of its last recorded use only reads and takes no lock.
 */
export function createCredentials(database: Database, changes: AccountChanges, limits: ChatLimits): Credentials {
  const { credentialsMax, credentialDays } = limits;
  return {
    createCredential: ({ id, user, label, createdAt, usedAt, transport, tokenHash }, passwordHash) =>
      changes.ofOne(user, async (at, account) => {
        if (account?.user.state !== 'active') return null;
        if (passwordHash !== undefined && !hasPasswordHash(account, passwordHash)) return null;
        await at.query(INSERT, [id, user, label, createdAt, usedAt, transport, tokenHash]);
        await moveSeen(at, user, usedAt);
        return { ended: idsOf(await at.query(END_UNUSED, [user, id, credentialsMax - 1])) };
      }),
    useCredential: async (tokenHash, now, usedNow = now) => {
      const [row] = await database.query<UsedRow>(BY_TOKEN, [tokenHash]);
      if (row === undefined) return null;
      const user = parseUser(row);
      const { credential: id, label, signedInAt: createdAt, usedAt, transport } = row;
      const credential = { id, user: user.id, label, createdAt, usedAt, transport };
      if (usedNow - usedAt > credentialDays * DAY_MS) {
        await database.query(END_EXPIRED, [id, usedAt]);
        return null;
      }
      const isRecent = Math.abs(now - usedAt) < USE_STEP_MS;
      return { user, credential: isRecent ? credential : await moveUse(database, credential, now) };
    },
    noteTransport: async (credential, transport) => {
      await database.query(SET_TRANSPORT, [credential, transport]);
    },
    credentials: (user) => database.query<Credential>(OF_USER, [user, credentialsMax]),
    countCredentials: async (user) => (await database.query<{ readonly n: number }>(COUNT, [user]))[0]?.n ?? 0,
    revokeCredentials: (user, ids) => changes.ofOne(user, (at) => revoke(at, user, ids)),
  };
}

/**
 * Records a use; returns the updated sign-in. Each of the two statements is a transaction of its own, so that none
 * waits for one lock while it holds the other.
 */
async function moveUse(database: Database, credential: Credential, now: number): Promise<Credential> {
  try {
    await database.query(SET_USED, [credential.id, now]);
    await moveSeen(database, credential.user, now);
    return { ...credential, usedAt: now };
  } catch (error) {
    // A database that can be read but not written must not sign users out.
    if (error instanceof StoreError) return credential;
    throw error;
  }
}

/** Ends every sign-in of an account except `kept`; returns the ids of the ended sign-ins. */
export async function revokeOthers(at: Queries, user: number, kept = ''): Promise<readonly string[]> {
  return idsOf(await at.query(END_OTHERS, [user, kept]));
}

async function revoke(at: Queries, user: number, ids: RevokedCredentials): Promise<readonly string[]> {
  if (ids === 'all') return revokeOthers(at, user);
  if ('allBut' in ids) return revokeOthers(at, user, isStorable(ids.allBut) ? ids.allBut : undefined);
  return idsOf(await at.query(END_SOME, [user, ids.filter(isStorable)]));
}

function idsOf(ended: readonly object[]): readonly string[] {
  return (ended as Ended).map(({ id }) => id).sort();
}
