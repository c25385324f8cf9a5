import type { ChangeOfUser, ChatLimits, Identity, NewUser, PrivateDetails, User, UserChange } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { compareText } from './compare-text.js';

interface Account {
  readonly user: User;
  readonly folded: string;
  readonly passwordHash: string | null;
  readonly email: string;
  readonly signedOutAt: number;
}

/** The people of `MemoryAccounts`. Everything is synchronous, so that what takes two steps there is one. */
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
    const user = { id, name, displayName, createdAt, role, status: '', avatar };
    this.#accounts.set(id, { user, folded, passwordHash, email, signedOutAt: 0 });
    this.#byName.set(folded, id);
    return user;
  }

  change(id: number, change: UserChange): ChangeOfUser {
    const account = this.#accounts.get(id);
    if (account === undefined) return { outcome: 'not_found' };
    const folded = foldName(change.name ?? account.user.name);
    if ((this.#byName.get(folded) ?? id) !== id) return { outcome: 'name_taken' };
    const { passwordHash, email, signedOutAt, ...shown } = change;
    const user = { ...account.user, ...shown };
    const demoted = account.user.role === 'administrator' && user.role !== 'administrator';
    if (demoted && this.countAdministrators() === 1) return { outcome: 'last_administrator' };
    this.#byName.delete(account.folded);
    this.#byName.set(folded, id);
    this.#accounts.set(id, {
      user,
      folded,
      passwordHash: passwordHash ?? account.passwordHash,
      email: email ?? account.email,
      signedOutAt: signedOutAt ?? account.signedOutAt,
    });
    return { outcome: 'changed', user };
  }

  passwordHash(name: string): { readonly user: User; readonly passwordHash: string | null } | null {
    const account = this.#accounts.get(this.#byName.get(foldName(name)) ?? 0);
    return account === undefined ? null : { user: account.user, passwordHash: account.passwordHash };
  }

  details(id: number): PrivateDetails | null {
    const account = this.#accounts.get(id);
    if (account === undefined) return null;
    return { email: account.email, hasPassword: account.passwordHash !== null, signedOutAt: account.signedOutAt };
  }

  search(query: string, after: number | null, limit: number): readonly User[] {
    const wanted = foldName(query);
    const last = after === null ? undefined : this.#accounts.get(after);
    return [...this.#accounts.values()]
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
      .map(({ user }) => user)
      .slice(0, limit);
  }

  countAdministrators(): number {
    return [...this.#accounts.values()].filter(({ user }) => user.role === 'administrator').length;
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

function keyOf({ issuer, subject }: Identity): string {
  return JSON.stringify([issuer, subject]);
}

function compareAccounts(a: Account, b: Account): number {
  return compareText(a.folded, b.folded) || a.user.id - b.user.id;
}
