import {
  type Accounts,
  type ChangeOfUser,
  type ChatLimits,
  type Credential,
  chatLimits,
  type Identity,
  type Joined,
  type Link,
  type LinkKind,
  type NewUser,
  type PrivateDetails,
  type Redeemed,
  type SecondFactor,
  type User,
  type UserChange,
} from '@everywire/chat';
import { compareText } from './compare-text.js';
import { MemoryLinks } from './memory-links.js';
import { MemoryPeople } from './memory-people.js';
import { MemorySecondFactors } from './memory-second-factors.js';

interface KeptCredential {
  readonly credential: Credential;
  readonly tokenHash: string;
}

const dayMs = 86_400_000;
const useStepMs = 60_000;

/** The role that each kind of link to join by gives. */
const roleOf = { setup: 'administrator', account: 'member', guest: 'guest' } as const;

/** The reference `Accounts`: everything in maps, nothing kept when the process ends. */
export class MemoryAccounts implements Accounts {
  readonly #people: MemoryPeople;
  readonly #links = new MemoryLinks();
  readonly #factors = new MemorySecondFactors();
  readonly #credentials = new Map<string, KeptCredential>();
  readonly #settings = new Map<string, string>();
  readonly #limits: ChatLimits;

  constructor(limits: ChatLimits = chatLimits) {
    this.#limits = limits;
    this.#people = new MemoryPeople(limits);
  }

  async createUser(user: NewUser): Promise<User | null> {
    return this.#people.create(user);
  }

  async changeUser(user: number, change: UserChange): Promise<ChangeOfUser> {
    return this.#people.change(user, change);
  }

  async passwordHash(name: string): Promise<{ readonly user: User; readonly passwordHash: string | null } | null> {
    return this.#people.passwordHash(name);
  }

  async setPasswordHash(user: number, passwordHash: string): Promise<void> {
    this.#people.change(user, { passwordHash });
  }

  async users(ids: readonly number[]): Promise<readonly User[]> {
    return [...new Set(ids)].flatMap((id) => this.#people.get(id) ?? []).sort((a, b) => a.id - b.id);
  }

  async searchUsers(query: string, after: number | null, limit: number): Promise<readonly User[]> {
    return this.#people.search(query, after, limit);
  }

  async usersByEmail(email: string, limit: number): Promise<readonly User[]> {
    return this.#people.byEmail(email, limit);
  }

  async privateDetails(user: number): Promise<PrivateDetails | null> {
    return this.#people.details(user);
  }

  async countUsers(): Promise<number> {
    return this.#people.size;
  }

  async countAdministrators(): Promise<number> {
    return this.#people.countAdministrators();
  }

  async userOf(identity: Identity): Promise<User | null> {
    return this.#people.of(identity);
  }

  async createUserOf(identity: Identity, user: NewUser): Promise<User | null> {
    return this.#people.createOf(identity, user);
  }

  async setting(name: string): Promise<string | null> {
    return this.#settings.get(name) ?? null;
  }

  async setSetting(name: string, value: string | null): Promise<void> {
    if (value === null) this.#settings.delete(name);
    else this.#settings.set(name, value);
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
    const user = this.#people.get(credential.user);
    if (user === null) return null;
    if (now - credential.usedAt < useStepMs) return { user, credential };
    const used = { ...credential, usedAt: now };
    this.#credentials.set(tokenHash, { credential: used, tokenHash });
    return { user, credential: used };
  }

  async noteTransport(credential: string, transport: string): Promise<void> {
    for (const [tokenHash, kept] of this.#credentials) {
      if (kept.credential.id !== credential) continue;
      this.#credentials.set(tokenHash, { tokenHash, credential: { ...kept.credential, transport } });
    }
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

  async createLink(link: Omit<Link, 'uses'> & { readonly secretHash: string }): Promise<void> {
    this.#links.create(link);
  }

  async link(secretHash: string, now: number): Promise<Link | null> {
    return this.#links.find(secretHash, now);
  }

  async links(user: number | null, now: number): Promise<readonly Link[]> {
    return this.#links.invitations(user, now);
  }

  async revokeLink(id: string, by: number | null): Promise<boolean> {
    return this.#links.revoke(id, by);
  }

  async joinByLink(secretHash: string, user: Omit<NewUser, 'role'>, now: number): Promise<Joined> {
    const link = this.#links.find(secretHash, now);
    if (link === null || link.kind === 'reset') return { outcome: 'link_ended' };
    if (link.kind === 'setup' && this.#people.countAdministrators() > 0) return { outcome: 'link_ended' };
    const created = this.#people.create({ ...user, role: roleOf[link.kind] });
    return created === null
      ? { outcome: 'name_taken' }
      : { outcome: 'joined', user: created, link: this.#links.use(link) };
  }

  async redeemLink(
    secretHash: string,
    kind: LinkKind,
    { user, ...change }: UserChange & { readonly user: number },
    now: number,
  ): Promise<Redeemed> {
    const link = this.#links.find(secretHash, now);
    if (link === null || link.kind !== kind) return { outcome: 'link_ended' };
    if (kind === 'setup' && this.#people.countAdministrators() > 0) return { outcome: 'link_ended' };
    const changed = this.#people.change(user, change);
    if (changed.outcome === 'name_taken') return { outcome: 'name_taken' };
    if (changed.outcome !== 'changed') return { outcome: 'link_ended' };
    this.#links.use(link);
    return changed;
  }

  async secondFactor(user: number): Promise<SecondFactor | null> {
    return this.#factors.get(user);
  }

  async beginSecondFactor(user: number, secret: string): Promise<boolean> {
    return this.#factors.begin(user, secret);
  }

  async confirmSecondFactor(user: number, step: number, recoveryHashes: readonly string[]): Promise<boolean> {
    return this.#factors.confirm(user, step, recoveryHashes);
  }

  async useSecondFactorStep(user: number, step: number): Promise<boolean> {
    return this.#factors.useStep(user, step);
  }

  async useRecoveryCode(user: number, hash: string): Promise<boolean> {
    return this.#factors.useRecoveryCode(user, hash);
  }

  async removeSecondFactor(user: number): Promise<void> {
    this.#factors.remove(user);
  }
}
