import type { AccountState, Accounts, ChangeOfState, Credential, TextsOfDeleted, User, UserId } from '@everywire/chat';
import type { Avatars } from './attachments/avatars.js';
import { RestRefusal } from './error-codes.js';
import type { Log } from './log.js';
import type { Caller } from './sign-in.js';

export interface AccountAdministrationOptions {
  readonly accounts: Accounts;
  /** `null` where no files are taken. */
  readonly avatars: Avatars | null;
  /** Until when tokens of a host application that it has signed by now may be dated: its clock may be ahead of ours. */
  readonly signedUntil: () => number;
  /** Ends every session of a person, also those that are being opened, and requests of theirs whose body or answer is on its way. */
  readonly endSessions: (user: UserId) => void;
  /** The transport of each sign-in of a person that is connected now, by the id of the sign-in. */
  readonly transportsOf: (user: UserId) => ReadonlyMap<string, string>;
  /** Begins to take out what deleted accounts left in conversations. */
  readonly eraseDeleted: () => void;
  readonly log: Log;
}

/** An account as an administrator sees it. */
export interface AdministeredAccount {
  readonly user: User;
  /** Milliseconds since the epoch; `null`: never. */
  readonly lastSeenAt: number | null;
  /** Sign-ins that can be used. Tokens that a host application signs are not counted: nobody knows how many there are. */
  readonly devices: number;
  readonly connected: boolean;
}

/**
 * What administrators do to accounts. Every act is one line in the log: who did what to whom, by number. Every expected refusal is a thrown `RestRefusal`;
 * nothing is changed then.
 */
export class AccountAdministration {
  readonly #options: AccountAdministrationOptions;

  constructor(options: AccountAdministrationOptions) {
    this.#options = options;
  }

  /** By folded name, those whose name has `query` in it, strictly after `after`. */
  async list(
    query: string,
    states: readonly Exclude<AccountState, 'deleted'>[],
    { after, limit }: { readonly after: UserId | null; readonly limit: number },
  ): Promise<{ readonly accounts: readonly AdministeredAccount[]; readonly next: UserId | null }> {
    const found = await this.#options.accounts.searchUsers(query, after, limit + 1, states);
    const page = found.slice(0, limit);
    const next = found.length > limit ? (page.at(-1)?.id ?? null) : null;
    return { accounts: await Promise.all(page.map((user) => this.#describe(user))), next };
  }

  async devices(user: UserId): Promise<readonly (Credential & { readonly connected: boolean })[]> {
    await this.#find(user);
    const live = this.#options.transportsOf(user);
    const held = await this.#options.accounts.credentials(user);
    return held.map((credential) => ({
      ...credential,
      transport: live.get(credential.id) || credential.transport || 'rest',
      connected: live.has(credential.id),
    }));
  }

  /** Nobody signs in as this person any more, and whoever is signed in is out. */
  async suspend(by: Caller, user: UserId): Promise<AdministeredAccount> {
    const { accounts, signedUntil, endSessions } = this.#options;
    const changed = changedUser(await accounts.suspendUser(user, signedUntil()));
    endSessions(user);
    this.#note(by, 'suspended', user);
    return this.#describe(changed);
  }

  async reactivate(by: Caller, user: UserId): Promise<AdministeredAccount> {
    const changed = changedUser(await this.#options.accounts.reactivateUser(user));
    this.#note(by, 'reactivated', user);
    return this.#describe(changed);
  }

  /** Ends every sign-in of a person, who may sign in again. */
  async signOut(by: Caller, user: UserId): Promise<void> {
    const { accounts, signedUntil, endSessions } = this.#options;
    const changed = await accounts.changeUser(user, { signedOutAt: signedUntil() });
    if (changed.outcome !== 'changed') throw new RestRefusal('not_found');
    await accounts.revokeCredentials(user, 'all');
    endSessions(user);
    this.#note(by, 'signed out everywhere', user);
  }

  /** For good. The person is out at once; what is left in conversations is taken out in the background. */
  async delete(by: Caller, user: UserId, texts: TextsOfDeleted): Promise<void> {
    const { accounts, avatars, signedUntil, endSessions, eraseDeleted } = this.#options;
    changedUser(await accounts.suspendUser(user, signedUntil()));
    endSessions(user);
    // Before the account forgets which file it is.
    await avatars?.replace(user, { avatar: '' });
    changedUser(await accounts.deleteUser(user, texts, signedUntil()));
    this.#note(by, texts === 'keep' ? 'deleted (texts stay)' : 'deleted (texts removed)', user);
    eraseDeleted();
  }

  async setRole(by: Caller, id: UserId, role: 'member' | 'administrator'): Promise<User> {
    const user = await this.#find(id);
    // A guest has nothing to sign in by: an account is made of it by the guest alone.
    if (user.role === 'guest') throw new RestRefusal('denied');
    const changed = await this.#options.accounts.changeUser(id, { role });
    if (changed.outcome !== 'changed')
      throw new RestRefusal(changed.outcome === 'last_administrator' ? 'last_administrator' : 'not_found');
    this.#note(by, `made ${role === 'member' ? 'a member' : 'an administrator'}`, id);
    return changed.user;
  }

  async #find(id: UserId): Promise<User> {
    const [user] = await this.#options.accounts.users([id]);
    if (user === undefined || user.state === 'deleted') throw new RestRefusal('not_found');
    return user;
  }

  async #describe(user: User): Promise<AdministeredAccount> {
    const { accounts, transportsOf } = this.#options;
    const [details, devices] = await Promise.all([
      accounts.privateDetails(user.id),
      accounts.countCredentials(user.id),
    ]);
    const seenAt = details?.seenAt ?? 0;
    const lastSeenAt = seenAt === 0 ? null : seenAt;
    return { user, lastSeenAt, devices, connected: transportsOf(user.id).size > 0 };
  }

  #note(by: Caller, act: string, user: UserId): void {
    this.#options.log.info(`Audit: administrator ${by.user.id} ${act} account ${user}.`);
  }
}

function changedUser(change: ChangeOfState): User {
  if (change.outcome !== 'changed') throw new RestRefusal(change.outcome);
  return change.user;
}
