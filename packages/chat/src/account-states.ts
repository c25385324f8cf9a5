import type { ChangeOfState, Erasure, TextsOfDeleted } from './user.js';

/**
 * Suspends, reactivates and deletes accounts.
 *
 * - `suspendUser` ends every sign-in, refuses externally signed tokens dated before `at`, and ends links for a new password, in
 * one step. Afterwards no sign-in of the account works or can be created, and its invitations admit no user. Idempotent; repeating
 * it ends what was created meanwhile.
 * - `reactivateUser` lets the user sign in again; what was ended stays ended. Idempotent.
 * - `deleteUser` does the same as `suspendUser`, irreversibly: the same step removes name, texts, picture, address, password,
 * sign-ins, links and second factor, frees the name, and adds the account to `erasures` until `settleErasure`. The caller must
 * erase its content in conversations (`Departures`).
 * - `noteSeen` moves `seenAt` at most once a minute, and back if it is in the future. Best effort: a store that cannot be written
 * keeps the old value. `createCredential` and `useCredential` do the same.
 */
export interface AccountStates {
  suspendUser(user: number, at: number): Promise<ChangeOfState>;
  reactivateUser(user: number): Promise<ChangeOfState>;
  deleteUser(user: number, texts: TextsOfDeleted, at: number): Promise<ChangeOfState>;
  /** Returns pending erasures, ordered by user. */
  erasures(): Promise<readonly Erasure[]>;
  /** Marks an erasure as completed. Idempotent. */
  settleErasure(user: number): Promise<void>;
  noteSeen(user: number, at: number): Promise<void>;
}
