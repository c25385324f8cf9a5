import type { ChangeCondition, ChangeOfUser, NewUser, User, UserChange } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import type { HeldAccount } from './account-changes.js';
import { ROLES } from './user-row.js';

const FIND_NAME = 'SELECT id FROM account WHERE folded_name = $1::text';
const INSERT = `INSERT INTO account (name, folded_name, display_name, folded_display_name, created_at, password_hash, role, avatar, email, folded_email)
  VALUES ($1::text, $2::text, $3::text, $4::text, $5::int8, $6::text, $7::int2, $8::text, $9::text, $10::text) RETURNING id`;
/**
 * NULL leaves a column unchanged. All expressions read the old row, so `email` below is the previous address. A changed
 * or empty e-mail address becomes unconfirmed, unless $12 confirms it.
 */
const UPDATE = `UPDATE account SET name = $2::text, folded_name = $3::text, display_name = $4::text, folded_display_name = $5::text,
    role = $6::int2, status = $7::text, avatar = $8::text, password_hash = coalesce($9::text, password_hash),
    email = coalesce($10::text, email), folded_email = coalesce($11::text, folded_email),
    email_confirmed = coalesce($10::text, email) <> '' AND ($12::bool OR (email_confirmed AND coalesce($10::text, email) = email)),
    signed_out_at = coalesce($13::int8, signed_out_at)
  WHERE id = $1::int8`;
const SET_PASSWORD_HASH = 'UPDATE account SET password_hash = $2::text WHERE id = $1::int8';
const COUNT_ADMINISTRATORS = 'SELECT count(*) AS n FROM account WHERE role = 2 AND state = 0';
const END_MAILED_LINKS = "DELETE FROM link WHERE kind IN ('reset', 'email') AND account = $1::int8";

/**
 * Creates an account; returns `null` if the name is taken. The caller must hold the lock of all accounts, so that the
 * name stays free between the check and the INSERT. A failed INSERT would use up an id.
 */
export async function createAccount(at: Queries, user: NewUser): Promise<User | null> {
  const { name, displayName, passwordHash, createdAt, role = 'member', email = '', avatar = '' } = user;
  const folded = foldName(name);
  if ((await at.query(FIND_NAME, [folded])).length > 0) return null;
  const shown = [name, folded, displayName, foldName(displayName), createdAt];
  const values = [...shown, passwordHash, ROLES.indexOf(role), avatar, email, foldName(email)];
  const [row] = await at.query<{ readonly id: number }>(INSERT, values);
  if (row === undefined) throw new Error('an inserted account has no id');
  return { id: row.id, name, displayName, createdAt, role, state: 'active', status: '', avatar };
}

/** Returns whether a change depends on other accounts. Then the caller must hold the lock of all accounts. */
export function concernsOthers({ name, role }: UserChange): boolean {
  return name !== undefined || role !== undefined;
}

/** Changes an account. The caller must have locked the account's row. */
export async function changeAccount(
  at: Queries,
  account: HeldAccount,
  change: UserChange,
  condition: ChangeCondition = {},
): Promise<ChangeOfUser> {
  const before = account?.user;
  if (before === undefined || before.state === 'deleted') return { outcome: 'not_found' };
  if ((condition.state ?? before.state) !== before.state) return { outcome: 'not_active' };
  if ((condition.role ?? before.role) !== before.role) return { outcome: 'other_role' };
  const { passwordHash, email, emailConfirmed = false, signedOutAt, ...shown } = change;
  const user: User = { ...before, ...shown };
  if (change.name !== undefined && (await isTaken(at, user))) return { outcome: 'name_taken' };
  if (user.role !== 'administrator' && (await isLastAdministrator(at, before)))
    return { outcome: 'last_administrator' };
  if (passwordHash !== undefined || email !== undefined) await endMailedLinks(at, user.id);
  const { id, name, displayName, role, status, avatar } = user;
  const seen = [id, name, foldName(name), displayName, foldName(displayName), ROLES.indexOf(role), status, avatar];
  const address = email === undefined ? [null, null] : [email, foldName(email)];
  await at.query(UPDATE, [...seen, passwordHash ?? null, ...address, emailConfirmed, signedOutAt ?? null]);
  return { outcome: 'changed', user };
}

/** Returns whether this is the account's current password hash; `false` for an account without a password. */
export function hasPasswordHash(account: HeldAccount, passwordHash: string): boolean {
  return account !== null && account.passwordHash === passwordHash;
}

/** Replaces the password hash. */
export async function writePasswordHash(at: Queries, user: number, passwordHash: string): Promise<void> {
  await at.query(SET_PASSWORD_HASH, [user, passwordHash]);
}

/** Returns whether the user is the only active administrator. The caller must hold the lock of all accounts. */
export async function isLastAdministrator(at: Queries, { role, state }: User): Promise<boolean> {
  return role === 'administrator' && state === 'active' && (await countAdministrators(at)) === 1;
}

/** Counts the active administrators. */
export async function countAdministrators(at: Queries): Promise<number> {
  const [row] = await at.query<{ readonly n: number }>(COUNT_ADMINISTRATORS);
  return row?.n ?? 0;
}

/** Deletes the secrets that were mailed to an account: the link to reset the password and the code for its address. */
export async function endMailedLinks(at: Queries, user: number): Promise<void> {
  await at.query(END_MAILED_LINKS, [user]);
}

async function isTaken(at: Queries, { id, name }: User): Promise<boolean> {
  const [holder] = await at.query<{ readonly id: number }>(FIND_NAME, [foldName(name)]);
  return holder !== undefined && holder.id !== id;
}
