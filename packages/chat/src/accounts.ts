/** A registered person. `name` is unique (case-folded, NFKC) and what one logs in with; `displayName` is what others see. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** One sign-in. Only a hash of the bearer token is ever stored. */
export interface Credential {
  readonly id: string;
  readonly user: number;
  /** What the person recognises it by, for example a browser and a system. */
  readonly label: string;
  readonly createdAt: number;
  readonly usedAt: number;
}

/**
 * Port: who may sign in. Kept apart from `Store`, because a host application may bring its own people.
 *
 * - Atomic, durable before the promise resolves. Idempotent where it says so. Never throws for expected outcomes.
 * - `createUser` answers `null` when the name is taken; the comparison is on the folded name (`foldName`). Ids rise from 1.
 * - `searchUsers` is ordered by (folded name, id), prefix or substring on name and display name, paged by keyset: `after` is
 *   the last id of the page before; at most 100.
 * - A credential not used for `credentialDays` is gone; `useCredential` moves `usedAt` at most once a minute. `credentials` is
 *   ordered by (createdAt, id) and may still name one that has run out.
 */
export interface Accounts {
  createUser(user: {
    readonly name: string;
    readonly displayName: string;
    readonly passwordHash: string;
    readonly createdAt: number;
  }): Promise<User | null>;
  passwordHash(name: string): Promise<{ readonly user: User; readonly passwordHash: string } | null>;
  setPasswordHash(user: number, passwordHash: string): Promise<void>;
  users(ids: readonly number[]): Promise<readonly User[]>;
  searchUsers(query: string, after: number | null, limit: number): Promise<readonly User[]>;
  countUsers(): Promise<number>;
  createCredential(credential: Credential & { readonly tokenHash: string }): Promise<void>;
  useCredential(
    tokenHash: string,
    now: number,
  ): Promise<{ readonly user: User; readonly credential: Credential } | null>;
  credentials(user: number): Promise<readonly Credential[]>;
  /** Idempotent. Answers the ids that ended. */
  revokeCredentials(user: number, ids: readonly string[] | 'all'): Promise<readonly string[]>;
}
