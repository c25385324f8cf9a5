import type { AccountRole, AccountState, User } from '@everywire/chat';

/** A row of `account` as `USER_COLUMNS` selects it. */
export interface UserRow extends Omit<User, 'role' | 'state'> {
  readonly role: number;
  readonly state: number;
}

/** The roles, indexed by the column `role`. */
export const ROLES: readonly AccountRole[] = ['guest', 'member', 'administrator'];
/** The states, indexed by the column `state`. */
export const STATES: readonly AccountState[] = ['active', 'suspended', 'deleted'];

/** The select list of a `UserRow`. */
export const USER_COLUMNS = `account.id, account.name, account.display_name AS "displayName", account.created_at AS "createdAt", account.role,
  account.status, account.avatar, account.state`;

/** Converts a row to a `User`. */
export function parseUser({ id, name, displayName, createdAt, role, status, avatar, state }: UserRow): User {
  const known = { role: ROLES[role] ?? 'guest', state: STATES[state] ?? 'deleted' };
  return { id, name, displayName, createdAt, status, avatar, ...known };
}
