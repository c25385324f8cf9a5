import type { AccountRole, AccountState, User } from '@everywire/chat';

/** A row of `account` as `USER_COLUMNS` selects it. */
export type UserRow = [
  id: number,
  name: string,
  displayName: string,
  createdAt: number,
  role: number,
  status: string,
  avatar: string,
  state: number,
];

/** Roles by their number in the column `role`. */
export const ROLES: readonly AccountRole[] = ['guest', 'member', 'administrator'];
/** The number of the role `administrator`. */
export const ADMINISTRATOR: number = ROLES.indexOf('administrator');
/** States by their number in the column `state`. */
export const STATES: readonly AccountState[] = ['active', 'suspended', 'deleted'];

/** The columns of a `UserRow`. */
export const USER_COLUMNS: string =
  'account.id, account.name, account.display_name, account.created_at, account.role, account.status, account.avatar, account.state';

/** Parses a row of `account`. */
export function parseUser([id, name, displayName, createdAt, role, status, avatar, state]: UserRow): User {
  const known = { role: ROLES[role] ?? 'guest', state: STATES[state] ?? 'deleted' };
  return { id, name, displayName, createdAt, status, avatar, ...known };
}
