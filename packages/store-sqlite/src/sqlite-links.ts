import type { AccountLink, AccountLinkKind, Accounts, Joined, Redeemed } from '@everywire/chat';
import type { Access } from './access.js';
import type { Database } from './database/database.js';
import type { PeopleWrites } from './sqlite-people.js';

type LinkRow = [
  id: string,
  kind: AccountLinkKind,
  user: number | null,
  label: string,
  createdAt: number,
  expiresAt: number,
  usesMax: number,
  uses: number,
];

const LINK_COLUMNS = 'id, kind, account, label, created_at, expires_at, uses_max, uses';
/** SQL with parameter (time). */
const IS_OPEN_INVITATION = "kind IN ('account', 'guest') AND expires_at > ? AND uses < uses_max";
const MAKER_IS_ACTIVE = '(account IS NULL OR account IN (SELECT id FROM account WHERE state = 0))';

/** The role given by each kind of invitation link. */
const ROLE_OF = { setup: 'administrator', account: 'member', guest: 'guest' } as const;

type Links = Pick<Accounts, 'createLink' | 'link' | 'links' | 'revokeLink' | 'joinByLink' | 'redeemLink'>;

/** Creates the operations on the table `link`. Stale rows are removed when another is added. */
export function createLinks(database: Database, { read, write }: Access, people: PeopleWrites): Links {
  const insert = database.prepare<[string, AccountLinkKind, string, number | null, string, number, number, number]>(
    `INSERT INTO link (id, kind, secret_hash, account, label, created_at, expires_at, uses_max, uses)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
  );
  const prune = database.prepare<[number]>('DELETE FROM link WHERE expires_at <= ?');
  const replace = database.prepare<[AccountLinkKind, number | null]>(
    'DELETE FROM link WHERE kind = ? AND account IS ?',
  );
  const find = database
    .prepare<[string, number], LinkRow>(
      `SELECT ${LINK_COLUMNS} FROM link WHERE secret_hash = ? AND expires_at > ? AND uses < uses_max AND ${MAKER_IS_ACTIVE}`,
    )
    .raw();
  const list = database
    .prepare<[number, number | null, number | null, number, string, number], LinkRow>(
      `SELECT ${LINK_COLUMNS} FROM link
       WHERE ${IS_OPEN_INVITATION} AND (? IS NULL OR account = ?) AND (created_at, id) > (?, ?) AND ${MAKER_IS_ACTIVE}
       ORDER BY created_at, id LIMIT ?`,
    )
    .raw();
  const countOpen = database
    .prepare<[number, number | null], number>(`SELECT count(*) FROM link WHERE ${IS_OPEN_INVITATION} AND account IS ?`)
    .pluck();
  const count = database.prepare<[string]>('UPDATE link SET uses = uses + 1 WHERE id = ?');
  const remove = database.prepare<[string, number | null, number | null]>(
    'DELETE FROM link WHERE id = ? AND (? IS NULL OR account = ?)',
  );
  const usable = (secretHash: string, now: number): AccountLink | null => {
    const row = find.get(secretHash, now);
    const link = row === undefined ? null : parseLink(row);
    return link?.kind === 'setup' && people.countAdministrators() > 0 ? null : link;
  };
  return {
    createLink: (
      { id, kind, user, label, createdAt, expiresAt, usesMax, secretHash },
      invitationsMax = Number.POSITIVE_INFINITY,
    ) =>
      write(() => {
        const invites = kind === 'account' || kind === 'guest';
        if (user !== null && people.get(user)?.state !== 'active') return 'not_active';
        if (invites && (countOpen.get(createdAt, user) ?? 0) >= invitationsMax) return 'too_many';
        prune.run(createdAt);
        if (!invites) replace.run(kind, user);
        insert.run(id, kind, secretHash, user, label, createdAt, expiresAt, usesMax);
        return 'created';
      }),
    link: (secretHash, now) =>
      read(() => {
        const row = find.get(secretHash, now);
        return row === undefined ? null : parseLink(row);
      }),
    links: (user, now, { after, limit }) =>
      read(() => list.all(now, user, user, after?.createdAt ?? -1, after?.id ?? '', limit).map(parseLink)),
    revokeLink: (id, by) => write(() => remove.run(id, by, by).changes > 0),
    joinByLink: (secretHash, user, now) =>
      write((): Joined => {
        const link = usable(secretHash, now);
        if (link === null || link.kind === 'reset' || link.kind === 'email') return { outcome: 'link_ended' };
        const created = people.create({ ...user, role: ROLE_OF[link.kind] });
        if (created === null) return { outcome: 'name_taken' };
        count.run(link.id);
        return { outcome: 'joined', user: created, link: { ...link, uses: link.uses + 1 } };
      }),
    redeemLink: (secretHash, kind, { user, ...change }, now, condition) =>
      write((): Redeemed => {
        const link = usable(secretHash, now);
        if (link === null || link.kind !== kind) return { outcome: 'link_ended' };
        const changed = people.change(user, change, { ...condition, state: 'active' });
        if (changed.outcome === 'name_taken') return { outcome: 'name_taken' };
        if (changed.outcome !== 'changed') return { outcome: 'link_ended' };
        count.run(link.id);
        return changed;
      }),
  };
}

function parseLink([id, kind, user, label, createdAt, expiresAt, usesMax, uses]: LinkRow): AccountLink {
  return { id, kind, user, label, createdAt, expiresAt, usesMax, uses };
}
