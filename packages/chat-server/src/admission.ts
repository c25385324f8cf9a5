import { randomUUID } from 'node:crypto';
import type { AccountLink, AccountLinkKind, Accounts, LinkPosition, User } from '@everywire/chat';
import { afterCommit } from './after-commit.js';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { hashLinkSecret, mintLinkSecret } from './link-secret.js';
import { parseNewNames } from './new-names.js';
import { type NameLimits, parseDisplayName, parseLabel } from './person-name.js';
import type { Registration } from './registration.js';
import { GUEST_PREFIX, type NameChooser } from './reserved-names.js';
import type { Caller, NewAccount, SignIn, SignInResult } from './sign-in.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Dependencies of `LinkAdmission`. */
export interface LinkAdmissionOptions {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly registration: Registration;
  readonly limits: NameLimits &
    Pick<ChatServerLimits, 'setUpHours' | 'invitationsPerPersonMax' | 'invitationsPageMax' | 'nameTries'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** Creates a conversation between the inviter and the user who joined. */
  readonly introduce: (inviter: number, joined: number) => Promise<void>;
}

/** A new link. Only this value contains its secret. */
interface CreatedLink {
  readonly link: Omit<AccountLink, 'uses'>;
  readonly secret: string;
}

/**
 * A link that opens a page of its own. Other secrets, such as codes for an email address, are entered on other pages.
 */
interface OpenedLink extends AccountLink {
  readonly kind: Exclude<AccountLinkKind, 'email'>;
}

/** The data of a new invitation. `days`: number of days for which it is valid. */
export interface NewInvitation {
  readonly kind: 'account' | 'guest';
  readonly label?: string;
  readonly usesMax: number;
  readonly days: number;
}

/**
 * Admits users by links: the first administrator, invited people, and guests. The secret of a link is in the fragment
 * of its address, which browsers do not send. The page sends the secret in the body of a request. Only its hash is
 * stored. Throws `RestRefusal` for an expected refusal and then changes nothing.
 */
export class LinkAdmission {
  readonly #options: LinkAdmissionOptions;

  constructor(options: LinkAdmissionOptions) {
    this.#options = options;
  }

  /**
   * Returns a new secret for becoming the first administrator, and invalidates the previous one; `null` if there is an
   * administrator. `expiresAt` is in milliseconds since the epoch.
   */
  async createSetUp(): Promise<{ readonly secret: string; readonly expiresAt: number } | null> {
    const { accounts, limits, wallNow } = this.#options;
    if ((await accounts.countAdministrators()) > 0) return null;
    const expiresAt = wallNow() + limits.setUpHours * HOUR_MS;
    const created = await this.#create({ kind: 'setup', user: null, label: '', expiresAt, usesMax: 1 });
    return created && { secret: created.secret, expiresAt };
  }

  /**
   * Creates the account of the first administrator.
   * @throws RestRefusal `link_ended`, or a refusal of the name or password
   */
  async setUp(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignInResult> {
    await this.#require(request.secret, 'setup');
    return this.#join(request, request.secret, 'operator');
  }

  /**
   * Makes an existing account the first administrator.
   * @throws RestRefusal `link_ended`
   */
  async claim(caller: Caller, secret: string): Promise<User> {
    const { accounts, wallNow } = this.#options;
    const change = { user: caller.user.id, role: 'administrator' } as const;
    const redeemed = await accounts.redeemLink(hashLinkSecret(secret), 'setup', change, wallNow());
    if (redeemed.outcome !== 'changed') throw new RestRefusal('link_ended');
    return redeemed.user;
  }

  /**
   * Returns a link and, for an invitation, its inviter.
   * @throws RestRefusal `link_ended`
   */
  async look(secret: string): Promise<{ readonly link: OpenedLink; readonly by: User | null }> {
    const { accounts, wallNow } = this.#options;
    const link = await accounts.link(hashLinkSecret(secret), wallNow());
    if (link === null || !isOpened(link)) throw new RestRefusal('link_ended');
    if (link.kind === 'setup' && (await accounts.countAdministrators()) > 0) throw new RestRefusal('link_ended');
    const invitation = link.kind === 'account' || link.kind === 'guest';
    const [by = null] = invitation && link.user !== null ? await accounts.users([link.user]) : [];
    return { link, by };
  }

  /**
   * Creates an invitation. Its secret cannot be read again.
   * @throws RestRefusal `too_many`
   */
  async invite(caller: Caller, request: NewInvitation): Promise<CreatedLink> {
    const { limits, wallNow } = this.#options;
    const { kind, usesMax, days } = request;
    const expiresAt = wallNow() + days * DAY_MS;
    const link = { kind, user: caller.user.id, label: parseLabel(request.label, limits), expiresAt, usesMax };
    return this.#create(link, limits.invitationsPerPersonMax);
  }

  /**
   * Returns the caller's invitations, or those of all users for an administrator; the oldest first, strictly after
   * `after`. `next` is the position of the next page.
   */
  async invitations(
    caller: Caller,
    after: LinkPosition | null,
  ): Promise<{ readonly invitations: readonly AccountLink[]; readonly next: LinkPosition | null }> {
    const { accounts, limits, wallNow } = this.#options;
    const limit = limits.invitationsPageMax;
    const found = await accounts.links(this.#scope(caller), wallNow(), { after, limit: limit + 1 });
    const invitations = found.slice(0, limit);
    return { invitations, next: found.length > limit ? (invitations.at(-1) ?? null) : null };
  }

  /**
   * Ends an invitation; idempotent.
   * @throws RestRefusal `not_found` for an invitation of another user, unless the caller is an administrator
   */
  async revoke(caller: Caller, id: string): Promise<void> {
    if (!(await this.#options.accounts.revokeLink(id, this.#scope(caller)))) throw new RestRefusal('not_found');
  }

  /**
   * Creates an account by an invitation.
   * @throws RestRefusal `link_ended`, `registration_closed`, or a refusal of the name or password
   */
  async join(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignInResult> {
    await this.#options.registration.require(true);
    await this.#require(request.secret, 'account');
    return this.#join(request, request.secret);
  }

  /**
   * Creates a guest by an invitation.
   * @throws RestRefusal `link_ended`, `registration_closed`, `name_invalid`
   */
  async joinAsGuest(request: {
    readonly secret: string;
    readonly displayName: string;
    readonly label?: string;
  }): Promise<SignInResult> {
    await this.#options.registration.require(true);
    const { accounts, limits, wallNow, signIn } = this.#options;
    const displayName = parseDisplayName(request.displayName, limits);
    if (displayName === null) throw new RestRefusal('name_invalid');
    await this.#require(request.secret, 'guest');
    const hash = hashLinkSecret(request.secret);
    for (let tries = 0; tries < limits.nameTries; tries += 1) {
      const name = `${GUEST_PREFIX}${randomUUID().slice(0, 8)}`;
      const now = wallNow();
      const joined = await accounts.joinByLink(hash, { name, displayName, passwordHash: null, createdAt: now }, now);
      if (joined.outcome === 'link_ended') throw new RestRefusal('link_ended');
      if (joined.outcome === 'joined') return this.#welcome(joined, () => signIn.issue(joined.user, request.label));
    }
    throw new RestRefusal('internal');
  }

  /**
   * Turns a guest into an account with a name and password, if registration is open or with an invitation.
   * @throws RestRefusal
   */
  async upgrade(caller: Caller, request: Omit<NewAccount, 'email'> & { readonly secret?: string }): Promise<User> {
    if (caller.user.role !== 'guest') throw new RestRefusal('denied');
    const { accounts, limits, signIn, registration, wallNow } = this.#options;
    const byLink = request.secret !== undefined;
    await registration.require(byLink);
    const displayName = request.displayName ?? caller.user.displayName;
    const names = parseNewNames({ name: request.name, displayName }, limits);
    const passwordHash = await signIn.hashPassword(request.password);
    await registration.require(byLink);
    const change = { ...names, passwordHash, role: 'member' } as const;
    const changed =
      request.secret === undefined
        ? await accounts.changeUser(caller.user.id, change, { state: 'active', role: 'guest' })
        : await accounts.redeemLink(
            hashLinkSecret(request.secret),
            'account',
            { user: caller.user.id, ...change },
            wallNow(),
            { role: 'guest' },
          );
    if (changed.outcome === 'changed') return changed.user;
    if (changed.outcome === 'not_found' || changed.outcome === 'not_active') throw new RestRefusal('unauthenticated');
    throw new RestRefusal(changed.outcome === 'other_role' ? 'denied' : changed.outcome);
  }

  #scope(caller: Caller): number | null {
    return caller.user.role === 'administrator' ? null : caller.user.id;
  }

  async #create(link: Omit<AccountLink, 'id' | 'uses' | 'createdAt'>, invitationsMax?: number): Promise<CreatedLink> {
    const secret = mintLinkSecret();
    const created = { ...link, id: randomUUID(), createdAt: this.#options.wallNow() };
    const kept = { ...created, secretHash: hashLinkSecret(secret) };
    const outcome = await this.#options.accounts.createLink(kept, invitationsMax);
    if (outcome !== 'created') throw new RestRefusal(outcome === 'too_many' ? 'too_many' : 'unauthenticated');
    return { link: created, secret };
  }

  /**
   * Checks a link early, to avoid hashing a password for nothing. The decisive check happens when the account is
   * created.
   */
  async #require(secret: string, kind: AccountLink['kind']): Promise<void> {
    const link = await this.#options.accounts.link(hashLinkSecret(secret), this.#options.wallNow());
    if (link?.kind !== kind) throw new RestRefusal('link_ended');
  }

  async #join(
    request: NewAccount & { readonly label?: string },
    secret: string,
    by: NameChooser = 'anyone',
  ): Promise<SignInResult> {
    const { accounts, signIn, wallNow } = this.#options;
    const person = await signIn.newUser(request, by);
    // The password may have waited for hashing while an administrator closed registration. The operator is always
    // admitted.
    if (by === 'anyone') await this.#options.registration.require(true);
    const joined = await accounts.joinByLink(hashLinkSecret(secret), person, wallNow());
    if (joined.outcome !== 'joined') throw new RestRefusal(joined.outcome);
    return this.#welcome(joined, () => signIn.issue(joined.user, request.label));
  }

  async #welcome(
    { user, link }: { readonly user: User; readonly link: AccountLink },
    issue: () => Promise<SignInResult>,
  ): Promise<SignInResult> {
    if (link.user !== null) await this.#options.introduce(link.user, user.id);
    return afterCommit(issue());
  }
}

/** Returns whether a link has a page of its own; a code for an email address has none. */
function isOpened(link: AccountLink): link is OpenedLink {
  return link.kind !== 'email';
}
