import type { AccountState, Accounts, ChangeOfState, Credential, TextsOfDeleted, User, UserId } from '@everywire/chat';
import { afterCommit } from './after-commit.js';
import { alsoIfUnknown } from './also-if-unknown.js';
import type { Avatars } from './attachments/avatars.js';
import { RestRefusal } from './error-codes.js';
import type { Logger } from './logger.js';
import type { CreatedReset } from './password-reset.js';
import type { Caller } from './sign-in.js';

/** Dependencies of `AccountAdministration`. */
export interface AccountAdministrationOptions {
  readonly accounts: Accounts;
  /** `null` if files are disabled. */
  readonly avatars: Avatars | null;
  /**
   * Returns the latest possible date, in milliseconds since the epoch, of a token that a host application has already
   * signed. May be in the future, because the clock of the host application may be ahead of ours.
   */
  readonly signedUntil: () => number;
  /**
   * Ends every session of a user, including those being opened, and the user's requests whose body or answer is in
   * transit.
   */
  readonly endSessions: (user: UserId) => void;
  /** Returns the transport of each connected sign-in of a user, by the id of the sign-in. */
  readonly transportsOf: (user: UserId) => ReadonlyMap<string, string>;
  /** Creates a link with which a user sets a new password; see `PasswordReset.createFor`. */
  readonly createReset: (user: User) => Promise<CreatedReset>;
  /** Starts to remove the content of deleted accounts from conversations. */
  readonly eraseDeleted: () => void;
  readonly log: Logger;
}

/** An account, as administrators see it. */
export interface AdministeredAccount {
  readonly user: User;
  /** Milliseconds since the epoch; `null` if the user was never connected. */
  readonly lastSeenAt: number | null;
  /** Number of valid sign-ins. Excludes tokens signed by a host application, because their number is unknown. */
  readonly devices: number;
  readonly connected: boolean;
}

/**
 * Performs the actions of administrators on accounts. Logs each action as one audit line with the numbers of both
 * accounts. Throws `RestRefusal` for an expected refusal and then changes nothing.
 */
export class AccountAdministration {
  readonly #options: AccountAdministrationOptions;

  constructor(options: AccountAdministrationOptions) {
    this.#options = options;
  }

  /**
   * Returns one page of the accounts whose name contains `query`, ordered by folded name, after the account `after`.
   */
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

  /**
   * Returns the sign-ins of a user.
   * @throws RestRefusal `not_found`
   */
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

  /** Ends all sign-ins of a user and prevents further ones until `reactivate`. */
  async suspend(by: Caller, user: UserId): Promise<AdministeredAccount> {
    const suspended = await this.#suspend(by, user, 'suspended');
    return afterCommit(this.#describe(suspended));
  }

  /** Lets a suspended user sign in again. */
  async reactivate(by: Caller, user: UserId): Promise<AdministeredAccount> {
    const changed = changedUser(await this.#options.accounts.reactivateUser(user));
    this.#note(by, 'reactivated', user);
    return afterCommit(this.#describe(changed));
  }

  /** Ends every sign-in of a user, who may sign in again. */
  async signOut(by: Caller, user: UserId): Promise<void> {
    const { accounts, signedUntil, endSessions } = this.#options;
    const change = async (): Promise<void> => {
      const changed = await accounts.changeUser(user, { signedOutAt: signedUntil() });
      if (changed.outcome !== 'changed') throw new RestRefusal('not_found');
      await afterCommit(accounts.revokeCredentials(user, 'all'));
    };
    await alsoIfUnknown(change(), (changed) => {
      endSessions(user);
      this.#note(by, 'signed out everywhere', user, changed);
    });
  }

  /**
   * Deletes an account irreversibly. Ends its sessions immediately; its content in conversations is removed in the
   * background.
   */
  async delete(by: Caller, user: UserId, texts: TextsOfDeleted): Promise<void> {
    const { accounts, avatars, signedUntil, eraseDeleted } = this.#options;
    await this.#suspend(by, user, null);
    // The picture must be removed first, because the deletion of the account drops the reference to its file.
    await afterCommit(Promise.resolve(avatars?.replace(user, { avatar: '' })));
    const deleted = await alsoIfUnknown(afterCommit(accounts.deleteUser(user, texts, signedUntil())), (changed) => {
      if (changed !== 'unknown' && changed.outcome !== 'changed') return;
      this.#note(by, texts === 'keep' ? 'deleted (texts stay)' : 'deleted (texts removed)', user, changed);
      eraseDeleted();
    });
    changedUser(deleted);
  }

  /**
   * Changes the role of a user.
   * @throws RestRefusal `denied` for a guest; `last_administrator`; `not_found`
   */
  async setRole(by: Caller, id: UserId, role: 'member' | 'administrator'): Promise<User> {
    const user = await this.#find(id);
    // A guest has no password, so only the guest can upgrade to an account, by choosing one.
    if (user.role === 'guest') throw new RestRefusal('denied');
    const changed = await this.#options.accounts.changeUser(id, { role });
    if (changed.outcome !== 'changed')
      throw new RestRefusal(changed.outcome === 'last_administrator' ? 'last_administrator' : 'not_found');
    this.#note(by, `made ${role === 'member' ? 'a member' : 'an administrator'}`, id);
    return changed.user;
  }

  /**
   * Creates a link for a new password, for the administrator to pass on.
   * @throws RestRefusal `denied` for a guest, an administrator or a suspended account; `not_found`
   */
  async createResetLink(by: Caller, id: UserId): Promise<CreatedReset> {
    const created = await this.#options.createReset(await this.#find(id));
    this.#note(by, 'created a password reset link for', id);
    return created;
  }

  /** Suspends a user and ends the sessions; writes an audit line if there is an `act` for it. */
  async #suspend(by: Caller, user: UserId, act: string | null): Promise<User> {
    const { accounts, signedUntil, endSessions } = this.#options;
    const suspended = await alsoIfUnknown(accounts.suspendUser(user, signedUntil()), (changed) => {
      if (changed !== 'unknown' && changed.outcome !== 'changed') return;
      endSessions(user);
      if (act !== null) this.#note(by, act, user, changed);
    });
    return changedUser(suspended);
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

  #note(by: Caller, act: string, user: UserId, changed?: unknown): void {
    const doubt = changed === 'unknown' ? ' The store has not confirmed it.' : '';
    this.#options.log.info(`Audit: administrator ${by.user.id} ${act} account ${user}.${doubt}`);
  }
}

function changedUser(change: ChangeOfState): User {
  if (change.outcome !== 'changed') throw new RestRefusal(change.outcome);
  return change.user;
}
