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
 * - `createUser` returns `null` if the name is taken. Names are compared in folded form (`foldName`). Ids rise from 1.
 * - `setPasswordHash` sets a new password. `renewPasswordHash` keeps the password and stores its hash with another
 *   cost. Both do nothing and return false unless `was` is the current hash, because the hash that the caller has
 *   verified may have been replaced meanwhile. `setPasswordHash` also does nothing for an account that is not active.
 * - A new password or email address, set by any method, invalidates in the same step the user's link for a new password
 *   (`reset`) and code for confirming the address (`email`).
 * - `searchUsers` matches prefixes or substrings of name and display name. The order is (folded name, id). `after` is
 *   the last id of the previous page; a page has at most 100 users. Finds only accounts in one of `states`; default:
 *   `active`.
 * - `usersByEmail` compares folded addresses. Users who have confirmed the address come first; among equals, the order
 *   is by id.
 * - `usersByAvatar` returns users with exactly this `avatar`, ordered by id; none for the empty text, and at most 100.
 * - `changeUser` returns `not_found` for a deleted account. It refuses to remove the last active administrator. Changes
 *   nothing unless `condition` is met, because the account may have changed since the caller read it.
 * - `userOf` and `createUserOf` return a deleted account by its former identities, so that these cannot sign in again.
 * - `createUserOf` creates the user of an identity, or returns the existing one; `null` if another user has the name.
 * - `countAdministrators` counts active administrators.
 * - `setting` returns a value that an administrator chose at run time; `null` if there is none. `setSetting` with
 *   `null` removes the value.
 * - `initSetting` stores the value if there is none, and returns the stored one. Of concurrent calls, on any node, one
 *   stores its value and all return that.
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
  initSetting(name: string, value: string): Promise<string>;
}
