import type { User } from './user.js';

/** One sign-in. Only a hash of the bearer token is ever stored. */
export interface Credential {
  readonly id: string;
  readonly user: number;
  /** What the person recognises it by, for example a browser and a system. */
  readonly label: string;
  readonly createdAt: number;
  readonly usedAt: number;
  /** The transport it was last connected by; empty before the first. */
  readonly transport: string;
}

/** The ids of sign-ins that ended in favour of the new one. */
export interface CreatedCredential {
  readonly ended: readonly string[];
}

/** Some sign-ins of a person by their ids, all of them, or all but one. */
export type RevokedCredentials = readonly string[] | 'all' | { readonly allBut: string };

/**
 * - `createCredential` with a `passwordHash` makes the credential only while that is the hash that stands, in one step, and answers `null`
 *   otherwise: a sign-in by an old password cannot come after the new one. Without, it always makes it.
 * - Of one person at most `credentialsMax` are kept: in the same step the longest unused ones end, and `ended` has their ids. The caller must end
 *   their sessions.
 * - A credential not used for `credentialDays` before `usedNow` (default: `now`) is gone; `useCredential` moves `usedAt` at most once a minute, and back
 *   where it lies in the future.
 * - `credentials` is ordered by (createdAt, id) and may still name one that has run out. It has the `credentialsMax` that were used last: a store of before
 *   that limit may hold more, until the person's next sign-in. `countCredentials` counts all of them.
 * - `createCredential` is without effect for an account that is not active, and `useCredential` answers `null` for one: of a sign-in that is made while its
 *   person is suspended nothing is left.
 * - `noteTransport` is without effect for one that has ended.
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
  /** Idempotent. Answers the ids that ended, ordered. */
  revokeCredentials(user: number, ids: RevokedCredentials): Promise<readonly string[]>;
}
