import { randomUUID } from 'node:crypto';
import type { Accounts, Link, User } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { hashLinkSecret, mintLinkSecret } from './link-secret.js';
import { isNameMisleading } from './name-script.js';
import { type NameLimits, parseDisplayName, parseLabel, parsePersonName } from './person-name.js';
import type { Registration } from './registration.js';
import type { Caller, NewAccount, SignedIn, SignIn } from './sign-in.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface AdmissionOptions {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly registration: Registration;
  readonly limits: NameLimits & Pick<ChatServerLimits, 'setUpHours' | 'invitationsPerPersonMax' | 'nameTries'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** Whoever joins by somebody's invitation finds a conversation with them. */
  readonly introduce: (inviter: number, joined: number) => Promise<void>;
}

export interface NewInvitation {
  readonly kind: 'account' | 'guest';
  readonly label?: string;
  readonly usesMax: number;
  readonly days: number;
}

/**
 * Coming in by a link: the first administrator, people and guests who were invited. The secret of a link stands in the fragment of its
 * address and comes in a body; only its hash is kept. Every expected refusal is a thrown `RestRefusal`; nothing is changed then.
 */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** A new secret to become the first administrator with, which ends the one before; `null` where there is one. */
  async createSetUp(): Promise<{ readonly secret: string; readonly expiresAt: number } | null> {
    const { accounts, limits, wallNow } = this.#options;
    if ((await accounts.countAdministrators()) > 0) return null;
    const expiresAt = wallNow() + limits.setUpHours * hourMs;
    const { secret } = await this.#create({ kind: 'setup', user: null, label: '', expiresAt, usesMax: 1 });
    return { secret, expiresAt };
  }

  /** Makes the first administrator's account. */
  async setUp(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignedIn> {
    await this.#require(request.secret, 'setup');
    return this.#join(request, request.secret);
  }

  /** Makes somebody who has an account already the first administrator. */
  async claim(caller: Caller, secret: string): Promise<User> {
    const { accounts, wallNow } = this.#options;
    const change = { user: caller.user.id, role: 'administrator' } as const;
    const redeemed = await accounts.redeemLink(hashLinkSecret(secret), 'setup', change, wallNow());
    if (redeemed.outcome !== 'changed') throw new RestRefusal('link_ended');
    return redeemed.user;
  }

  /** What a link is good for, and who invites. */
  async look(secret: string): Promise<{ readonly link: Link; readonly by: User | null }> {
    const { accounts, wallNow } = this.#options;
    const link = await accounts.link(hashLinkSecret(secret), wallNow());
    if (link === null) throw new RestRefusal('link_ended');
    if (link.kind === 'setup' && (await accounts.countAdministrators()) > 0) throw new RestRefusal('link_ended');
    const invitation = link.kind === 'account' || link.kind === 'guest';
    const [by = null] = invitation && link.user !== null ? await accounts.users([link.user]) : [];
    return { link, by };
  }

  async invite(
    caller: Caller,
    request: NewInvitation,
  ): Promise<{ readonly link: Omit<Link, 'uses'>; readonly secret: string }> {
    const { accounts, limits, wallNow } = this.#options;
    const open = await accounts.links(caller.user.id, wallNow());
    if (open.length >= limits.invitationsPerPersonMax) throw new RestRefusal('too_many');
    const { kind, usesMax, days } = request;
    const expiresAt = wallNow() + days * dayMs;
    return this.#create({ kind, user: caller.user.id, label: parseLabel(request.label, limits), expiresAt, usesMax });
  }

  /** One's own, or everybody's where an administrator asks. */
  invitations(caller: Caller): Promise<readonly Link[]> {
    return this.#options.accounts.links(this.#scope(caller), this.#options.wallNow());
  }

  /** Idempotent for one's own; that of somebody else is `not_found`. */
  async revoke(caller: Caller, id: string): Promise<void> {
    if (!(await this.#options.accounts.revokeLink(id, this.#scope(caller)))) throw new RestRefusal('not_found');
  }

  async join(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignedIn> {
    await this.#requireOpen();
    await this.#require(request.secret, 'account');
    return this.#join(request, request.secret);
  }

  async joinAsGuest(request: {
    readonly secret: string;
    readonly displayName: string;
    readonly label?: string;
  }): Promise<SignedIn> {
    await this.#requireOpen();
    const { accounts, limits, wallNow, signIn } = this.#options;
    const displayName = parseDisplayName(request.displayName, limits);
    if (displayName === null) throw new RestRefusal('name_invalid');
    await this.#require(request.secret, 'guest');
    const hash = hashLinkSecret(request.secret);
    for (let tries = 0; tries < limits.nameTries; tries += 1) {
      const name = `guest-${randomUUID().slice(0, 8)}`;
      const now = wallNow();
      const joined = await accounts.joinByLink(hash, { name, displayName, passwordHash: null, createdAt: now }, now);
      if (joined.outcome === 'link_ended') throw new RestRefusal('link_ended');
      if (joined.outcome === 'joined') return this.#welcome(joined, () => signIn.issue(joined.user, request.label));
    }
    throw new RestRefusal('internal');
  }

  /** Gives a guest a name and a password of their own, where they could register, or with an invitation to do so. */
  async upgrade(caller: Caller, request: Omit<NewAccount, 'email'> & { readonly secret?: string }): Promise<User> {
    if (caller.user.role !== 'guest') throw new RestRefusal('denied');
    const { accounts, limits, signIn, registration, wallNow } = this.#options;
    const mode = await registration.mode();
    if (mode === 'closed') throw new RestRefusal('registration_closed');
    if (mode === 'invitation' && request.secret === undefined) throw new RestRefusal('invitation_required');
    const name = parsePersonName(request.name, limits);
    const displayName = parseDisplayName(request.displayName ?? caller.user.displayName, limits);
    if (name === null || displayName === null) throw new RestRefusal('name_invalid');
    if (isNameMisleading(name)) throw new RestRefusal('name_misleading');
    const passwordHash = await signIn.hashPassword(request.password);
    const change = { name, displayName, passwordHash, role: 'member' } as const;
    const changed =
      request.secret === undefined
        ? await accounts.changeUser(caller.user.id, change)
        : await accounts.redeemLink(
            hashLinkSecret(request.secret),
            'account',
            { user: caller.user.id, ...change },
            wallNow(),
          );
    if (changed.outcome === 'changed') return changed.user;
    throw new RestRefusal(changed.outcome === 'not_found' ? 'unauthenticated' : changed.outcome);
  }

  #scope(caller: Caller): number | null {
    return caller.user.role === 'administrator' ? null : caller.user.id;
  }

  async #create(
    link: Omit<Link, 'id' | 'uses' | 'createdAt'>,
  ): Promise<{ readonly link: Omit<Link, 'uses'>; readonly secret: string }> {
    const secret = mintLinkSecret();
    const created = { ...link, id: randomUUID(), createdAt: this.#options.wallNow() };
    await this.#options.accounts.createLink({ ...created, secretHash: hashLinkSecret(secret) });
    return { link: created, secret };
  }

  /** Before a password is hashed for nothing. What counts is asked again as the person is made. */
  async #require(secret: string, kind: Link['kind']): Promise<void> {
    const link = await this.#options.accounts.link(hashLinkSecret(secret), this.#options.wallNow());
    if (link?.kind !== kind) throw new RestRefusal('link_ended');
  }

  async #requireOpen(): Promise<void> {
    if ((await this.#options.registration.mode()) === 'closed') throw new RestRefusal('registration_closed');
  }

  async #join(request: NewAccount & { readonly label?: string }, secret: string): Promise<SignedIn> {
    const { accounts, signIn, wallNow } = this.#options;
    const joined = await accounts.joinByLink(hashLinkSecret(secret), await signIn.newUser(request), wallNow());
    if (joined.outcome !== 'joined') throw new RestRefusal(joined.outcome);
    return this.#welcome(joined, () => signIn.issue(joined.user, request.label));
  }

  async #welcome(
    { user, link }: { readonly user: User; readonly link: Link },
    issue: () => Promise<SignedIn>,
  ): Promise<SignedIn> {
    if (link.user !== null) await this.#options.introduce(link.user, user.id);
    return issue();
  }
}
