import {
  type AccountLink,
  type AccountLinkKind,
  type AccountState,
  type Accounts,
  type ChangeCondition,
  type ChangeOfState,
  type ChangeOfUser,
  type ChatLimits,
  type CreatedCredential,
  type Credential,
  chatLimits,
  type Erasure,
  type Identity,
  type Joined,
  type NewUser,
  type PrivateDetails,
  type Redeemed,
  type RevokedCredentials,
  type SecondFactor,
  type TextsOfDeleted,
  type User,
  type UserChange,
} from '@everywire/chat';
import { MemoryCredentials } from './memory-credentials.js';
import { MemoryLinks } from './memory-links.js';
import { MemoryPeople } from './memory-people.js';
import { MemorySecondFactors } from './memory-second-factors.js';

/** The role that each kind of join link grants. */
const roleOf = { setup: 'administrator', account: 'member', guest: 'guest' } as const;

/** The reference `Accounts`. Everything is in maps and is lost when the process ends. */
export class MemoryAccounts implements Accounts {
  readonly #people: MemoryPeople;
  readonly #links = new MemoryLinks((user) => this.#people.isActive(user));
  readonly #factors = new MemorySecondFactors();
  readonly #credentials: MemoryCredentials;
  readonly #settings = new Map<string, string>();
  readonly #erasures = new Map<number, TextsOfDeleted>();

  constructor(limits: ChatLimits = chatLimits) {
    this.#credentials = new MemoryCredentials(limits);
    this.#people = new MemoryPeople(limits);
  }

  async createUser(user: NewUser): Promise<User | null> {
    return this.#people.create(user);
  }

  async changeUser(user: number, change: UserChange, condition?: ChangeCondition): Promise<ChangeOfUser> {
    return this.#change(user, change, condition);
  }

  #change(user: number, change: UserChange, condition?: ChangeCondition): ChangeOfUser {
    const changed = this.#people.change(user, change, condition);
    const renewed = change.passwordHash !== undefined || change.email !== undefined;
    if (changed.outcome === 'changed' && renewed) this.#links.endOf(user, ['reset', 'email']);
    return changed;
  }

  async passwordHash(name: string): Promise<{ readonly user: User; readonly passwordHash: string | null } | null> {
    return this.#people.passwordHash(name);
  }

  async setPasswordHash(user: number, passwordHash: string, was: string): Promise<boolean> {
    if (!this.#people.hasPasswordHash(user, was)) return false;
    return this.#change(user, { passwordHash }, { state: 'active' }).outcome === 'changed';
  }

  async renewPasswordHash(user: number, passwordHash: string, was: string): Promise<boolean> {
    return this.#people.hasPasswordHash(user, was) && this.#people.change(user, { passwordHash }).outcome === 'changed';
  }

  async users(ids: readonly number[]): Promise<readonly User[]> {
    return [...new Set(ids)].flatMap((id) => this.#people.get(id) ?? []).sort((a, b) => a.id - b.id);
  }

  async searchUsers(...question: Parameters<Accounts['searchUsers']>): Promise<readonly User[]> {
    return this.#people.search(...question);
  }

  async usersByEmail(email: string, limit: number): Promise<readonly User[]> {
    return this.#people.byEmail(email, limit);
  }

  async usersByAvatar(avatar: string): Promise<readonly User[]> {
    return this.#people.byAvatar(avatar);
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

  async initSetting(name: string, value: string): Promise<string> {
    const kept = this.#settings.get(name) ?? value;
    this.#settings.set(name, kept);
    return kept;
  }

  async createCredential(
    credential: Credential & { readonly tokenHash: string },
    passwordHash?: string,
  ): Promise<CreatedCredential | null> {
    const { user, usedAt } = credential;
    if (!this.#people.isActive(user)) return null;
    if (passwordHash !== undefined && !this.#people.hasPasswordHash(user, passwordHash)) return null;
    this.#people.noteSeen(user, usedAt);
    return { ended: this.#credentials.create(credential) };
  }

  async useCredential(
    tokenHash: string,
    now: number,
    usedNow: number = now,
  ): Promise<{ readonly user: User; readonly credential: Credential } | null> {
    const kept = this.#credentials.find(tokenHash, usedNow);
    const user = kept === null ? null : this.#people.get(kept.user);
    if (kept === null || user === null || user.state !== 'active') return null;
    this.#people.noteSeen(user.id, now);
    return { user, credential: this.#credentials.use(tokenHash, kept, now) };
  }

  async noteTransport(credential: string, transport: string): Promise<void> {
    this.#credentials.noteTransport(credential, transport);
  }

  async credentials(user: number): Promise<readonly Credential[]> {
    return this.#credentials.of(user);
  }

  async countCredentials(user: number): Promise<number> {
    return this.#credentials.of(user).length;
  }

  async revokeCredentials(user: number, ids: RevokedCredentials): Promise<readonly string[]> {
    return this.#credentials.revoke(user, ids);
  }

  #suspend(id: number, at: number): ChangeOfState {
    if (this.#people.isLastAdministrator(id)) return { outcome: 'last_administrator' };
    const user = this.#people.suspend(id, at);
    if (user === null) return { outcome: 'not_found' };
    this.#links.endOf(id, ['reset', 'email']);
    return { outcome: 'changed', user, ended: this.#credentials.revoke(id, 'all') };
  }

  /** Returns the state of an account for a `MemoryStore`; an unknown account counts as active. */
  stateOf(user: number): AccountState {
    return this.#people.get(user)?.state ?? 'active';
  }

  async suspendUser(id: number, at: number): Promise<ChangeOfState> {
    return this.#suspend(id, at);
  }

  async reactivateUser(id: number): Promise<ChangeOfState> {
    const user = this.#people.reactivate(id);
    return user === null ? { outcome: 'not_found' } : { outcome: 'changed', user, ended: [] };
  }

  async deleteUser(id: number, texts: TextsOfDeleted, at: number): Promise<ChangeOfState> {
    const suspended = this.#suspend(id, at);
    if (suspended.outcome !== 'changed') return suspended;
    const user = this.#people.delete(id) ?? suspended.user;
    this.#links.endOf(id, ['account', 'guest']);
    this.#factors.remove(id);
    this.#erasures.set(id, texts);
    return { ...suspended, user };
  }

  async erasures(): Promise<readonly Erasure[]> {
    return [...this.#erasures].map(([user, texts]) => ({ user, texts })).sort((a, b) => a.user - b.user);
  }

  async settleErasure(user: number): Promise<void> {
    this.#erasures.delete(user);
  }

  async noteSeen(user: number, at: number): Promise<void> {
    this.#people.noteSeen(user, at);
  }

  async createLink(
    link: Omit<AccountLink, 'uses'> & { readonly secretHash: string },
    invitationsMax?: number,
  ): Promise<'created' | 'not_active' | 'too_many'> {
    return this.#links.create(link, invitationsMax);
  }

  async link(secretHash: string, now: number): Promise<AccountLink | null> {
    return this.#links.find(secretHash, now);
  }

  async links(...question: Parameters<Accounts['links']>): Promise<readonly AccountLink[]> {
    return this.#links.invitations(...question);
  }

  async revokeLink(id: string, by: number | null): Promise<boolean> {
    return this.#links.revoke(id, by);
  }

  async joinByLink(secretHash: string, user: Omit<NewUser, 'role'>, now: number): Promise<Joined> {
    const link = this.#links.find(secretHash, now);
    if (link === null || link.kind === 'reset' || link.kind === 'email') return { outcome: 'link_ended' };
    if (link.kind === 'setup' && this.#people.countAdministrators() > 0) return { outcome: 'link_ended' };
    const created = this.#people.create({ ...user, role: roleOf[link.kind] });
    return created === null
      ? { outcome: 'name_taken' }
      : { outcome: 'joined', user: created, link: this.#links.use(link) };
  }

  async redeemLink(
    secretHash: string,
    kind: AccountLinkKind,
    { user, ...change }: UserChange & { readonly user: number },
    now: number,
    condition: Pick<ChangeCondition, 'role'> = {},
  ): Promise<Redeemed> {
    const link = this.#links.find(secretHash, now);
    if (link === null || link.kind !== kind) return { outcome: 'link_ended' };
    if (kind === 'setup' && this.#people.countAdministrators() > 0) return { outcome: 'link_ended' };
    const changed = this.#change(user, change, { ...condition, state: 'active' });
    if (changed.outcome === 'name_taken') return { outcome: 'name_taken' };
    if (changed.outcome !== 'changed') return { outcome: 'link_ended' };
    this.#links.use(link);
    return changed;
  }

  async secondFactor(user: number): Promise<SecondFactor | null> {
    return this.#factors.get(user);
  }

  async beginSecondFactor(user: number, secret: string): Promise<boolean> {
    return this.#people.isActive(user) && this.#factors.begin(user, secret);
  }

  async confirmSecondFactor(...question: Parameters<Accounts['confirmSecondFactor']>): Promise<boolean> {
    return this.#people.isActive(question[0]) && this.#factors.confirm(...question);
  }

  async useSecondFactorStep(user: number, step: number): Promise<boolean> {
    return this.#factors.useStep(user, step);
  }

  async useRecoveryCode(user: number, hash: string): Promise<boolean> {
    return this.#factors.useRecoveryCode(user, hash);
  }

  async removeSecondFactor(user: number): Promise<boolean> {
    if (!this.#people.isActive(user)) return false;
    this.#factors.remove(user);
    return true;
  }
}
