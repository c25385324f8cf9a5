import type { AccountRole, AccountState, User } from '@everywire/chat';

/** A row of `account` as `USER_COLUMNS` selects it. */
export interface UserRow extends Omit<User, 'role' | 'state'> {
  readonly role: number;
  readonly state: number;
}

/** The roles. The column `role` has the index of one of them. */
export const ROLES: readonly AccountRole[] = ['guest', 'member', 'administrator'];
/** The states. The column `state` has the index of one of them. */
export const STATES: readonly AccountState[] = ['active', 'suspended', 'deleted'];

/** The select list of a `UserRow`. */
export const USER_COLUMNS = `account.id, account.name, account.display_name AS "displayName", account.created_at AS "createdAt", account.role,
  account.status, account.avatar, account.state`;

/** Converts a row to a `User`. */
export function parseUser({ id, name, displayName, createdAt, role, status, avatar, state }: UserRow): User {
  const known = { role: ROLES[role] ?? 'guest', state: STATES[state] ?? 'deleted' };
  return { id, name, displayName, createdAt, status, avatar, ...known };
}
