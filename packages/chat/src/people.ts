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
 * Stores users.
 *
 * - `createUser` returns `null` if the name is taken; names are compared folded (`foldName`). Ids rise from 1.
 * - `setPasswordHash` sets a new password; `renewPasswordHash` keeps the password and stores its hash at another cost. Both do
 * nothing and return false unless `was` is the current hash, since a verified one may have been replaced meanwhile.
 * `setPasswordHash` also does nothing for an account that is not active.
 * - A new password or address, set by any method, ends the user's link to a new password (`reset`) and code for the address
 * (`email`) in the same step.
 * - `searchUsers` is ordered by (folded name, id) and matches prefixes or substrings of name and display name. Paged by keyset:
 * `after` is the last id of the previous page; at most 100. Finds only accounts in one of `states`; default: `active`.
 * - `usersByEmail` compares folded addresses. Users who have confirmed the address come first, then the order is by id.
 * - `usersByAvatar` returns users with exactly this `avatar`, ordered by id; none for the empty text, and at most 100.
 * - `changeUser` returns `not_found` for a deleted account; a suspended administrator is not the last one. Changes nothing unless
 * `condition` holds, since what a caller checked before may have changed meanwhile.
 * - `userOf` and `createUserOf` return a deleted account by its former identities, so that these cannot sign in again.
 * - `createUserOf` creates the user of an identity, or returns the existing one; `null` if another user has the name.
 * - `countAdministrators` counts active ones.
 * - `setting` is a value that an administrator chose at run time; `null` removes it.
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
