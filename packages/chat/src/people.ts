import type {
  AccountState,
  ChangeCondition,
  ChangeOfUser,
  Identity,
  NewUser,
  PrivateDetails,
  User,
  UserChange,
} from './user.js';

/**
 * - `createUser` answers `null` when the name is taken; the comparison is on the folded name (`foldName`). Ids rise from 1.
 * - `setPasswordHash` sets a new password; `renewPasswordHash` keeps the password and hashes it at another cost. Both do nothing and answer false
 *   unless `was` is the hash that stands: what was verified a moment ago may have been replaced since. `setPasswordHash` does nothing for an account that is
 *   not active either.
 * - A new password or address, set by whatever method, ends the person's link to a new password (`reset`) and code for the address (`email`) in the same step.
 * - `searchUsers` is ordered by (folded name, id), prefix or substring on name and display name, paged by keyset: `after` is
 *   the last id of the page before; at most 100. Only accounts in one of `states` are found; default: `active` ones.
 * - `usersByEmail` compares folded addresses. People who have confirmed the address come first, then the order is by id.
 * - `usersByAvatar` gives the people whose `avatar` is exactly this, ordered by id; none for the empty text, and at most 100.
 * - `changeUser` answers `not_found` for a deleted account, and a suspended administrator is not the last one. It changes nothing where `condition` does not
 *   hold: what a caller checked a moment ago, for example that the person is active, may have changed since.
 * - `userOf` and `createUserOf` answer a deleted account by the identities it had, so that these cannot come in again.
 * - `createUserOf` makes the person of an identity, or answers the one there is; `null` when the name is taken by another.
 * - `countAdministrators` counts those who are active.
 * - `setting` is what an administrator chose while the server ran; `null` takes the choice back.
 */
export interface People {
  createUser(user: NewUser): Promise<User | null>;
  changeUser(user: number, change: UserChange, condition?: ChangeCondition): Promise<ChangeOfUser>;
  passwordHash(name: string): Promise<{ readonly user: User; readonly passwordHash: string | null } | null>;
  setPasswordHash(user: number, passwordHash: string, was: string): Promise<boolean>;
  renewPasswordHash(user: number, passwordHash: string, was: string): Promise<boolean>;
  users(ids: readonly number[]): Promise<readonly User[]>;
  searchUsers(
    query: string,
    after: number | null,
    limit: number,
    states?: readonly Exclude<AccountState, 'deleted'>[],
  ): Promise<readonly User[]>;
  usersByEmail(email: string, limit: number): Promise<readonly User[]>;
  usersByAvatar(avatar: string): Promise<readonly User[]>;
  privateDetails(user: number): Promise<PrivateDetails | null>;
  countUsers(): Promise<number>;
  countAdministrators(): Promise<number>;
  userOf(identity: Identity): Promise<User | null>;
  createUserOf(identity: Identity, user: NewUser): Promise<User | null>;
  setting(name: string): Promise<string | null>;
  setSetting(name: string, value: string | null): Promise<void>;
}
