import type { User } from './user.js';

/** One sign-in. Only a hash of its bearer token is ever stored. */
export interface Credential {
  readonly id: string;
  readonly user: number;
  /** A name by which the user recognises it, for example a browser and a system. */
  readonly label: string;
  readonly createdAt: number;
  readonly usedAt: number;
  /** The transport it last used; empty before the first connection. */
  readonly transport: string;
}

/** The ids of sign-ins that ended because of the new one. */
export interface CreatedCredential {
  readonly ended: readonly string[];
}

/** The sign-ins of a user that are to end: those with these ids, all of them, or all but one. */
export type RevokedCredentials = readonly string[] | 'all' | { readonly allBut: string };

/**
 * Stores sign-ins.
 *
 * - `createCredential` with a `passwordHash` creates the credential only if that hash is current, in one step, and
 *   otherwise returns `null`. A sign-in with an old password can therefore not succeed after a change of the password.
 *   Without `passwordHash`, always creates the credential.
 * - A user keeps at most `credentialsMax` sign-ins. If there are more, `createCredential` ends those unused for longest
 *   in the same step and returns their ids in `ended`. The caller must end their sessions.
 * - A credential that was not used for `credentialDays` before `usedNow` (default: `now`) has expired. `useCredential`
 *   moves `usedAt` at most once a minute. If `usedAt` is in the future because a clock was wrong, it is moved back.
 * - `credentials` is ordered by (createdAt, id) and may include expired ones. It returns the `credentialsMax` that were
 *   used last, because an older store may have more until the user's next sign-in. `countCredentials` counts all.
 * - If the account is not active, `createCredential` has no effect and `useCredential` returns `null`, so that a
 *   sign-in at the same time as a suspension leaves nothing behind.
 * - `noteTransport` has no effect on a credential that has ended.
 */
export interface Credentials {
  createCredential(
    credential: Credential & { readonly tokenHash: string },
    passwordHash?: string,
  ): Promise<CreatedCredential | null>;
  useCredential(
    tokenHash: string,
    now: number,
    usedNow?: number,
  ): Promise<{ readonly user: User; readonly credential: Credential } | null>;
  noteTransport(credential: string, transport: string): Promise<void>;
  credentials(user: number): Promise<readonly Credential[]>;
  countCredentials(user: number): Promise<number>;
  /** Ends sign-ins. Idempotent. Returns the ids that ended, ordered. */
  revokeCredentials(user: number, ids: RevokedCredentials): Promise<readonly string[]>;
}
