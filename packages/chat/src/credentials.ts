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

/**
 * - A credential not used for `credentialDays` is gone; `useCredential` moves `usedAt` at most once a minute.
 * - `credentials` is ordered by (createdAt, id) and may still name one that has run out.
 * - `noteTransport` is without effect for one that has ended.
 */
export interface Credentials {
  createCredential(credential: Credential & { readonly tokenHash: string }): Promise<void>;
  useCredential(
    tokenHash: string,
    now: number,
  ): Promise<{ readonly user: User; readonly credential: Credential } | null>;
  noteTransport(credential: string, transport: string): Promise<void>;
  credentials(user: number): Promise<readonly Credential[]>;
  /** Idempotent. Answers the ids that ended. */
  revokeCredentials(user: number, ids: readonly string[] | 'all'): Promise<readonly string[]>;
}
