import type { ChangeOfUser, Identity, NewUser, PrivateDetails, User, UserChange } from './user.js';

/**
 * - `createUser` answers `null` when the name is taken; the comparison is on the folded name (`foldName`). Ids rise from 1.
 * - `searchUsers` is ordered by (folded name, id), prefix or substring on name and display name, paged by keyset: `after` is
 *   the last id of the page before; at most 100.
 * - `usersByEmail` compares folded addresses, and is ordered by id.
 * - `createUserOf` makes the person of an identity, or answers the one there is; `null` when the name is taken by another.
 * - `setting` is what an administrator chose while the server ran; `null` takes the choice back.
 */
export interface People {
  createUser(user: NewUser): Promise<User | null>;
  changeUser(user: number, change: UserChange): Promise<ChangeOfUser>;
  passwordHash(name: string): Promise<{ readonly user: User; readonly passwordHash: string | null } | null>;
  setPasswordHash(user: number, passwordHash: string): Promise<void>;
  users(ids: readonly number[]): Promise<readonly User[]>;
  searchUsers(query: string, after: number | null, limit: number): Promise<readonly User[]>;
  usersByEmail(email: string, limit: number): Promise<readonly User[]>;
  privateDetails(user: number): Promise<PrivateDetails | null>;
  countUsers(): Promise<number>;
  countAdministrators(): Promise<number>;
  userOf(identity: Identity): Promise<User | null>;
  createUserOf(identity: Identity, user: NewUser): Promise<User | null>;
  setting(name: string): Promise<string | null>;
  setSetting(name: string, value: string | null): Promise<void>;
}
