import { type Accounts, type ChatLimits, type Credential, chatLimits, type User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';

interface Account {
  readonly user: User;
  readonly folded: string;
  readonly passwordHash: string;
}

interface KeptCredential {
  readonly credential: Credential;
  readonly tokenHash: string;
}

const dayMs = 86_400_000;
const useStepMs = 60_000;

/** The reference `Accounts`: everything in maps, nothing kept when the process ends. */
export class MemoryAccounts implements Accounts {
  readonly #accounts = new Map<number, Account>();
  readonly #byName = new Map<string, number>();
  readonly #credentials = new Map<string, KeptCredential>();
  readonly #limits: ChatLimits;

  constructor(limits: ChatLimits = chatLimits) {
    this.#limits = limits;
  }

  async createUser(user: Parameters<Accounts['createUser']>[0]): Promise<User | null> {
    const { name, displayName, passwordHash, createdAt } = user;
    const folded = foldName(name);
    if (this.#byName.has(folded)) return null;
    const id = this.#accounts.size + 1;
    const created = { id, name, displayName, createdAt };
    this.#accounts.set(id, { user: created, folded, passwordHash });
    this.#byName.set(folded, id);
    return created;
  }

  async passwordHash(name: string): Promise<{ readonly user: User; readonly passwordHash: string } | null> {
    const account = this.#accounts.get(this.#byName.get(foldName(name)) ?? 0);
    return account === undefined ? null : { user: account.user, passwordHash: account.passwordHash };
  }

  async setPasswordHash(user: number, passwordHash: string): Promise<void> {
    const account = this.#accounts.get(user);
    if (account !== undefined) this.#accounts.set(user, { ...account, passwordHash });
  }

  async users(ids: readonly number[]): Promise<readonly User[]> {
    return [...new Set(ids)].flatMap((id) => this.#accounts.get(id)?.user ?? []).sort((a, b) => a.id - b.id);
  }

  async searchUsers(query: string, after: number | null, limit: number): Promise<readonly User[]> {
    const wanted = foldName(query);
    const last = after === null ? undefined : this.#accounts.get(after);
    return [...this.#accounts.values()]
      .filter(({ folded, user }) => folded.includes(wanted) || foldName(user.displayName).includes(wanted))
      .filter((account) => last === undefined || compareAccounts(account, last) > 0)
      .sort(compareAccounts)
      .slice(0, Math.min(limit, this.#limits.usersPageMax))
      .map(({ user }) => user);
  }

  async countUsers(): Promise<number> {
    return this.#accounts.size;
  }

  async createCredential({ tokenHash, ...credential }: Credential & { readonly tokenHash: string }): Promise<void> {
    this.#credentials.set(tokenHash, { credential, tokenHash });
  }

  async useCredential(
    tokenHash: string,
    now: number,
  ): Promise<{ readonly user: User; readonly credential: Credential } | null> {
    const kept = this.#credentials.get(tokenHash);
    if (kept === undefined) return null;
    const { credential } = kept;
    if (now - credential.usedAt > this.#limits.credentialDays * dayMs) {
      this.#credentials.delete(tokenHash);
      return null;
    }
    const user = this.#accounts.get(credential.user)?.user;
    if (user === undefined) return null;
    if (now - credential.usedAt < useStepMs) return { user, credential };
    const used = { ...credential, usedAt: now };
    this.#credentials.set(tokenHash, { credential: used, tokenHash });
    return { user, credential: used };
  }

  async credentials(user: number): Promise<readonly Credential[]> {
    return [...this.#credentials.values()]
      .map(({ credential }) => credential)
      .filter((credential) => credential.user === user)
      .sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id));
  }

  async revokeCredentials(user: number, ids: readonly string[] | 'all'): Promise<readonly string[]> {
    const ending = [...this.#credentials.values()].filter(
      ({ credential }) => credential.user === user && (ids === 'all' || ids.includes(credential.id)),
    );
    for (const { tokenHash } of ending) this.#credentials.delete(tokenHash);
    return ending.map(({ credential }) => credential.id).sort(compareText);
  }
}

function compareAccounts(a: Account, b: Account): number {
  return compareText(a.folded, b.folded) || a.user.id - b.user.id;
}

/** By UTF-16 unit, as `<` does; a database's byte order agrees but for characters beyond the basic plane. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
