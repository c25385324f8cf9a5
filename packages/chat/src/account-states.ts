import type { ChangeOfState, Erasure, TextsOfDeleted } from './user.js';

/**
 * People who leave.
 *
 * - `suspendUser` ends every sign-in, refuses tokens that others signed before `at`, and ends links for a new password, in one step. From then on no sign-in of
 *   the account works or can be made, and its invitations let nobody in. Idempotent; a second one ends what was made meanwhile.
 * - `reactivateUser` lets the person sign in again; what was ended stays ended. Idempotent.
 * - `deleteUser` does what `suspendUser` does, for good: name, words, picture, address, password, sign-ins, links and second factor are gone in the same step, the
 *   name is free for another, and `erasures` names the account until `settleErasure`. What lies in conversations is for the caller to take out (`Departures`).
 * - `noteSeen` moves `seenAt` at most once a minute, and back where it lies in the future. Best effort: a store that cannot be written keeps what it has.
 *   `createCredential` and `useCredential` do the same.
 */
export interface AccountStates {
  suspendUser(user: number, at: number): Promise<ChangeOfState>;
  reactivateUser(user: number): Promise<ChangeOfState>;
  deleteUser(user: number, texts: TextsOfDeleted, at: number): Promise<ChangeOfState>;
  /** By user. */
  erasures(): Promise<readonly Erasure[]>;
  /** Idempotent. */
  settleErasure(user: number): Promise<void>;
  noteSeen(user: number, at: number): Promise<void>;
}
