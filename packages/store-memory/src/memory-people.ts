import type {
  AccountState,
  ChangeCondition,
  ChangeOfUser,
  ChatLimits,
  Identity,
  NewUser,
  PrivateDetails,
  User,
  UserChange,
} from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { compareText } from './compare-text.js';

interface Account {
  readonly user: User;
  readonly folded: string;
  readonly passwordHash: string | null;
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly signedOutAt: number;
  readonly seenAt: number;
}

/** The minimum time between two updates of `seenAt`, ms. */
const USE_STEP_MS = 60_000;

/** The people of `MemoryAccounts`. Everything is synchronous, so that check and write are one step. */
export class MemoryPeople {
  readonly #accounts = new Map<number, Account>();
  readonly #byName = new Map<string, number>();
  readonly #byIdentity = new Map<string, number>();
  readonly #limits: ChatLimits;

  constructor(limits: ChatLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#accounts.size;
  }

  get(id: number): User | null {
    return this.#accounts.get(id)?.user ?? null;
  }

  create({
    passwordHash,
    email = '',
    role = 'member',
    avatar = '',
    name,
    displayName,
    createdAt,
  }: NewUser): User | null {
    const folded = foldName(name);
    if (this.#byName.has(folded)) return null;
    const id = this.#accounts.size + 1;
    const user: User = { id, name, displayName, createdAt, role, state: 'active', status: '', avatar };
    this.#accounts.set(id, { user, folded, passwordHash, email, emailConfirmed: false, signedOutAt: 0, seenAt: 0 });
    this.#byName.set(folded, id);
    return user;
  }

  change(id: number, change: UserChange, condition: ChangeCondition = {}): ChangeOfUser {
    const account = this.#accounts.get(id);
    if (account === undefined || account.user.state === 'deleted') return { outcome: 'not_found' };
    if ((condition.state ?? account.user.state) !== account.user.state) return { outcome: 'not_active' };
    if ((condition.role ?? account.user.role) !== account.user.role) return { outcome: 'other_role' };
    const folded = foldName(change.name ?? account.user.name);
    if ((this.#byName.get(folded) ?? id) !== id) return { outcome: 'name_taken' };
    const { passwordHash, email: _email, emailConfirmed: _confirmed, signedOutAt, ...shown } = change;
    const user = { ...account.user, ...shown };
    if (user.role !== 'administrator' && this.isLastAdministrator(id)) return { outcome: 'last_administrator' };
    this.#byName.delete(account.folded);
    this.#byName.set(folded, id);
    this.#accounts.set(id, {
      ...account,
      user,
      folded,
      passwordHash: passwordHash ?? account.passwordHash,
      ...addressAfter(account, change),
      signedOutAt: signedOutAt ?? account.signedOutAt,
    });
    return { outcome: 'changed', user };
  }

  passwordHash(name: string): { readonly user: User; readonly passwordHash: string | null } | null {
    const account = this.#accounts.get(this.#byName.get(foldName(name)) ?? 0);
    return account === undefined ? null : { user: account.user, passwordHash: account.passwordHash };
  }

  hasPasswordHash(id: number, passwordHash: string): boolean {
    return this.#accounts.get(id)?.passwordHash === passwordHash;
  }

  details(id: number): PrivateDetails | null {
    const account = this.#accounts.get(id);
    if (account === undefined) return null;
    const { email, emailConfirmed, passwordHash, signedOutAt, seenAt } = account;
    return { email, emailConfirmed, hasPassword: passwordHash !== null, signedOutAt, seenAt };
  }

  isActive(id: number): boolean {
    return this.get(id)?.state === 'active';
  }

  isLastAdministrator(id: number): boolean {
    const user = this.get(id);
    return user?.role === 'administrator' && user.state === 'active' && this.countAdministrators() === 1;
  }

  /** Suspends an account; returns `null` when it is missing or deleted. */
  suspend(id: number, signedOutAt: number): User | null {
    return this.#setState(id, { state: 'suspended' }, { signedOutAt });
  }

  reactivate(id: number): User | null {
    return this.#setState(id, { state: 'active' }, {});
  }

  delete(id: number): User | null {
    const folded = this.#accounts.get(id)?.folded;
    const nothing = { name: '', displayName: '', status: '', avatar: '', role: 'member' } as const;
    const kept = { folded: '', passwordHash: null, email: '', emailConfirmed: false };
    const user = this.#setState(id, { ...nothing, state: 'deleted' }, kept);
    if (user !== null && folded !== undefined) this.#byName.delete(folded);
    return user;
  }

  noteSeen(id: number, at: number): void {
    const account = this.#accounts.get(id);
    if (account === undefined || Math.abs(at - account.seenAt) < USE_STEP_MS) return;
    this.#accounts.set(id, { ...account, seenAt: at });
  }

  #setState(id: number, shown: Partial<User>, kept: Partial<Account>): User | null {
    const account = this.#accounts.get(id);
    if (account === undefined || account.user.state === 'deleted') return null;
    const user = { ...account.user, ...shown };
    this.#accounts.set(id, { ...account, ...kept, user });
    return user;
  }

  search(
    query: string,
    after: number | null,
    limit: number,
    states: readonly AccountState[] = ['active'],
  ): readonly User[] {
    const wanted = foldName(query);
    const last = after === null ? undefined : this.#accounts.get(after);
    return [...this.#accounts.values()]
      .filter(({ user }) => states.includes(user.state))
      .filter(({ folded, user }) => folded.includes(wanted) || foldName(user.displayName).includes(wanted))
      .filter((account) => last === undefined || compareAccounts(account, last) > 0)
      .sort(compareAccounts)
      .slice(0, Math.min(limit, this.#limits.usersPageMax))
      .map(({ user }) => user);
  }

  byEmail(email: string, limit: number): readonly User[] {
    const wanted = foldName(email);
    return [...this.#accounts.values()]
      .filter((account) => account.email !== '' && foldName(account.email) === wanted)
      .sort((a, b) => Number(b.emailConfirmed) - Number(a.emailConfirmed) || a.user.id - b.user.id)
      .map(({ user }) => user)
      .slice(0, limit);
  }

  byAvatar(avatar: string): readonly User[] {
    return [...this.#accounts.values()]
      .filter(({ user }) => user.avatar !== '' && user.avatar === avatar)
      .map(({ user }) => user)
      .slice(0, this.#limits.usersPageMax);
  }

  countAdministrators(): number {
    const administrators = [...this.#accounts.values()].filter(({ user }) => user.role === 'administrator');
    return administrators.filter(({ user }) => user.state === 'active').length;
  }

  of(identity: Identity): User | null {
    return this.get(this.#byIdentity.get(keyOf(identity)) ?? 0);
  }

  createOf(identity: Identity, user: NewUser): User | null {
    const known = this.of(identity);
    if (known !== null) return known;
    const created = this.create(user);
    if (created !== null) this.#byIdentity.set(keyOf(identity), created.id);
    return created;
  }
}

/** Returns the address after a change. A changed or empty address is unconfirmed. */
function addressAfter(
  before: Pick<Account, 'email' | 'emailConfirmed'>,
  { email = before.email, emailConfirmed }: UserChange,
): Pick<Account, 'email' | 'emailConfirmed'> {
  const stays = before.emailConfirmed && email === before.email;
  return { email, emailConfirmed: email !== '' && (emailConfirmed === true || stays) };
}

function keyOf({ issuer, subject }: Identity): string {
  return JSON.stringify([issuer, subject]);
}

function compareAccounts(a: Account, b: Account): number {
  return compareText(a.folded, b.folded) || a.user.id - b.user.id;
}
