import type { ChangeOfState, Erasure, TextsOfDeleted } from './user.js';

/**
 * Suspends, reactivates and deletes accounts.
 *
 * - `suspendUser` ends every sign-in, refuses tokens signed by a host application that are older than `at`, and ends
 *   links for a new password, in one step. Afterwards no sign-in of the account works or can be created, and no user
 *   can join by its invitations. Idempotent. Repeating it also ends what was created meanwhile.
 * - `reactivateUser` lets the user sign in again. It does not restore what `suspendUser` ended. Idempotent.
 * - `deleteUser` does the same as `suspendUser`, irreversibly. The same step removes name, texts, picture, address,
 *   password, sign-ins, links and second factor, makes the name available, and adds the account to `erasures` until
 *   `settleErasure`. The caller must erase its content in conversations (`Departures`).
 * - `noteSeen` moves `seenAt` at most once a minute. If `seenAt` is in the future because a clock was wrong, it is
 *   moved back. Best effort: a store that cannot be written keeps the old value. `createCredential` and `useCredential`
 *   move `seenAt` too.
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
