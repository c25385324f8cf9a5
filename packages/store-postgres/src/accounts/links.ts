import type { AccountLink, Accounts, Joined, Redeemed } from '@everywire/chat';
import type { Database, Queries } from '../database/database.js';
import type { AccountChanges, HeldAccount } from './account-changes.js';
import { isStorable } from './storable-text.js';
import { changeAccount, countAdministrators, createAccount } from './write-people.js';

type Links = Pick<Accounts, 'createLink' | 'link' | 'links' | 'revokeLink' | 'joinByLink' | 'redeemLink'>;
type NewLink = Parameters<Links['createLink']>[0];

const LINK_COLUMNS = `link.id, link.kind, link.account AS "user", link.label, link.created_at AS "createdAt", link.expires_at AS "expiresAt",
  link.uses_max AS "usesMax", link.uses`;
const WITH_MAKER = 'link LEFT JOIN account maker ON maker.id = link.account';
const MAKER_IS_ACTIVE = '(maker.id IS NULL OR maker.state = 0)';
/** An SQL condition with the time $1: the link is an invitation to register that can still be used. */
const IS_OPEN_INVITATION =
  "link.kind IN ('account', 'guest') AND link.expires_at > $1::int8 AND link.uses < link.uses_max";

/** Finds a usable link: neither expired nor used up, and its maker is not suspended. */
const FIND = `SELECT ${LINK_COLUMNS} FROM ${WITH_MAKER}
  WHERE link.secret_hash = $1::text AND link.expires_at > $2::int8 AND link.uses < link.uses_max AND ${MAKER_IS_ACTIVE}`;
/**
 * Locks the link, because `revokeLink`, which does not take the lock of all accounts, may revoke the link meanwhile.
 */
const HOLD = `${FIND} FOR UPDATE OF link`;
const LIST = `SELECT ${LINK_COLUMNS} FROM ${WITH_MAKER}
  WHERE ${IS_OPEN_INVITATION} AND ($2::int8 IS NULL OR link.account = $2::int8)
    AND (link.created_at, link.id) > ($3::int8, $4::text) AND ${MAKER_IS_ACTIVE}
  ORDER BY link.created_at, link.id LIMIT $5::int8`;
const COUNT_OPEN = `SELECT count(*) AS n FROM link WHERE ${IS_OPEN_INVITATION} AND link.account IS NOT DISTINCT FROM $2::int8`;
/** Deletes expired links. */
const PRUNE = 'DELETE FROM link WHERE expires_at <= $1::int8';
/** Deletes the previous link of the same kind and account; only invitations may exist several times. */
const REPLACE = 'DELETE FROM link WHERE kind = $1::text AND account IS NOT DISTINCT FROM $2::int8';
const INSERT = `INSERT INTO link (id, kind, secret_hash, account, label, created_at, expires_at, uses_max)
  VALUES ($1::text, $2::text, $3::text, $4::int8, $5::text, $6::int8, $7::int8, $8::int8)`;
const COUNT_USE = 'UPDATE link SET uses = uses + 1 WHERE id = $1::text';
const REMOVE = 'DELETE FROM link WHERE id = $1::text AND ($2::int8 IS NULL OR account = $2::int8) RETURNING id';

/** The role that each kind of join link grants. */
const ROLE_OF = { setup: 'administrator', account: 'member', guest: 'guest' } as const;

/**
 * Implements `Links` over the table `link`: links with a secret that invite to register, reset a password or confirm an
 * address. The creation of a link deletes the expired ones.
 */
export function createLinks(database: Database, changes: AccountChanges): Links {
  return {
    createLink: (link, invitationsMax = Number.POSITIVE_INFINITY) =>
      link.user === null
        ? changes.ofAll((at) => insertLink(at, link, invitationsMax))
        : changes.ofOneAmongAll(link.user, async (at, maker) =>
            maker?.user.state === 'active' ? insertLink(at, link, invitationsMax) : 'not_active',
          ),
    link: async (secretHash, now) => (await database.query<AccountLink>(FIND, [secretHash, now]))[0] ?? null,
    links: (user, now, { after, limit }) =>
      database.query<AccountLink>(LIST, [now, user, after?.createdAt ?? -1, after?.id ?? '', limit]),
    revokeLink: async (id, by) =>
      isStorable(id) && database.transaction(async (at) => (await at.query(REMOVE, [id, by])).length > 0),
    joinByLink: (secretHash, user, now) =>
      changes.ofAll(async (at): Promise<Joined> => {
        const link = await holdUsable(at, secretHash, now);
        if (link === null || link.kind === 'reset' || link.kind === 'email') return { outcome: 'link_ended' };
        const created = await createAccount(at, { ...user, role: ROLE_OF[link.kind] });
        if (created === null) return { outcome: 'name_taken' };
        await at.query(COUNT_USE, [link.id]);
        return { outcome: 'joined', user: created, link: { ...link, uses: link.uses + 1 } };
      }),
    redeemLink: (secretHash, kind, { user, ...change }, now, condition) =>
      changes.ofOneAmongAll(user, async (at, account: HeldAccount): Promise<Redeemed> => {
        const link = await holdUsable(at, secretHash, now);
        if (link === null || link.kind !== kind) return { outcome: 'link_ended' };
        const changed = await changeAccount(at, account, change, { ...condition, state: 'active' });
        if (changed.outcome === 'name_taken') return { outcome: 'name_taken' };
        if (changed.outcome !== 'changed') return { outcome: 'link_ended' };
        await at.query(COUNT_USE, [link.id]);
        return changed;
      }),
  };
}

/**
 * Locks and returns a usable link; returns `null` if there is none. A set-up link is unusable once there is an
 * administrator.
 */
async function holdUsable(at: Queries, secretHash: string, now: number): Promise<AccountLink | null> {
  const [link] = await at.query<AccountLink>(HOLD, [secretHash, now]);
  if (link === undefined) return null;
  return link.kind === 'setup' && (await countAdministrators(at)) > 0 ? null : link;
}

async function insertLink(at: Queries, link: NewLink, invitationsMax: number): Promise<'created' | 'too_many'> {
  const { id, kind, user, label, createdAt, expiresAt, usesMax, secretHash } = link;
  const isInvitation = kind === 'account' || kind === 'guest';
  if (isInvitation && (await countOpen(at, createdAt, user)) >= invitationsMax) return 'too_many';
  await at.query(PRUNE, [createdAt]);
  if (!isInvitation) await at.query(REPLACE, [kind, user]);
  await at.query(INSERT, [id, kind, secretHash, user, label, createdAt, expiresAt, usesMax]);
  return 'created';
}

async function countOpen(at: Queries, now: number, user: number | null): Promise<number> {
  return (await at.query<{ readonly n: number }>(COUNT_OPEN, [now, user]))[0]?.n ?? 0;
}
