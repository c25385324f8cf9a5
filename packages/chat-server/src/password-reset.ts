import { randomUUID } from 'node:crypto';
import type { Accounts, User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { afterCommit } from './after-commit.js';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { hashLinkSecret, mintLinkSecret } from './link-secret.js';
import type { Logger } from './logger.js';
import type { MailDispatch } from './mail-dispatch.js';
import type { MailboxClaim, MailRateLimit } from './mail-rate-limit.js';
import { type Mailer, unlinked } from './mailer.js';
import { parseEmail } from './person-name.js';
import type { SignIn } from './sign-in.js';

const MINUTE_MS = 60_000;
/**
 * Maximum accounts with the same address that all get a link. If more have it, none gets a link, because links for only
 * some would leave out the others. The mail then says so.
 */
const SHARED_MAX = 5;
/** The label of a link that an administrator passes on, as opposed to one that was mailed. */
const PASSED_ON = 'passed on';

/** Dependencies of `PasswordReset`. */
export interface PasswordResetOptions {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly mailer: Mailer | null;
  readonly placeName: string;
  /** Returns the start of links, without a trailing slash. Never taken from a request, whose `Host` can be forged. */
  readonly publicUrl: () => string;
  readonly limits: Pick<ChatServerLimits, 'resetMinutes'>;
  readonly pace: MailRateLimit;
  readonly dispatch: MailDispatch;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/** A new link. Its address is `/#/reset/` and the secret, which cannot be read again. */
export interface CreatedReset {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Lets a user set a new password with a link that is mailed to the user, or passed on by an administrator. Does not reveal whether the account exists,
 * because the answer is sent before any lookup. A link is valid once and for some minutes, and a newer link invalidates
 * it. Its use ends every sign-in of the user.
 */
export class PasswordReset {
  readonly #options: PasswordResetOptions;

  constructor(options: PasswordResetOptions) {
    this.#options = options;
  }

  /**
   * Starts to send a link, and returns immediately. `who` is a user name or an email address; `from` is the key of the
   * requesting network.
   */
  ask(who: string, from: string): void {
    this.#options.dispatch.send('A link for a new password', () => this.#deliver(who, from));
  }

  /**
   * Creates a link that an administrator passes on to the user. It works only while the user is a member, so that it
   * gives nobody the account of an administrator.
   * @throws RestRefusal `denied` for a guest, an administrator or a suspended account
   */
  async createFor(user: User): Promise<CreatedReset> {
    if (user.role !== 'member' || user.state !== 'active') throw new RestRefusal('denied');
    const created = await this.#create(user, PASSED_ON);
    if (created === null) throw new RestRefusal('not_found');
    return created;
  }

  /**
   * Sets the password. `address` is the key of the request's origin.
   * @throws RestRefusal `link_ended`, `password_invalid` or `busy`
   */
  async finish(secret: string, password: string, address: string): Promise<void> {
    const { accounts, signIn, wallNow } = this.#options;
    const hash = hashLinkSecret(secret);
    const link = await accounts.link(hash, wallNow());
    if (link?.kind !== 'reset' || link.user === null) throw new RestRefusal('link_ended');
    // The hashing gets priority, as for a known device, because the link was sent to this user only.
    const passwordHash = await signIn.hashPassword(password, JSON.stringify(['reset', link.user]));
    const passedOn = link.label === PASSED_ON;
    // A mailed link proves that the user reads mail at the address; a change of address would have invalidated it.
    const confirmed = this.way === 'mail' && !passedOn ? ({ emailConfirmed: true } as const) : {};
    const change = { user: link.user, passwordHash, ...confirmed };
    const condition = passedOn ? ({ role: 'member' } as const) : {};
    const redeemed = await accounts.redeemLink(hash, 'reset', change, wallNow(), condition);
    if (redeemed.outcome !== 'changed') throw new RestRefusal('link_ended');
    signIn.recognize(redeemed.user, passwordHash, address);
    // Signs out anyone who knew the old password.
    await afterCommit(signIn.end(link.user, 'all'));
  }

  /** Returns where links go: to the address of the account, to the operator, or nowhere. */
  get way(): 'mail' | 'operator' | 'none' {
    const { mailer } = this.#options;
    if (mailer === null) return 'none';
    return mailer.needsAddress ? 'mail' : 'operator';
  }

  async #deliver(who: string, from: string): Promise<void> {
    const { accounts, mailer, log } = this.#options;
    if (mailer === null) {
      log.warn('A link for a new password was requested, but no mailer is configured.');
      return;
    }
    const named = await accounts.passwordHash(who);
    const people = named === null ? await this.#peopleOf(parseEmail(who) ?? who) : [named.user];
    if (people.length > SHARED_MAX) return this.#sendTooMany(people[0]?.id ?? 0, mailer, from);
    for (const user of people) await this.#send(user, mailer, from);
  }

  /**
   * Returns the users who have confirmed the address; if there are none, all who gave it. At most one more than
   * `SHARED_MAX`.
   */
  async #peopleOf(email: string): Promise<readonly User[]> {
    const { accounts } = this.#options;
    const people = await accounts.usersByEmail(email, SHARED_MAX + 1);
    const confirmed: User[] = [];
    for (const user of people) {
      if (user.state === 'active' && (await accounts.privateDetails(user.id))?.emailConfirmed) confirmed.push(user);
    }
    return confirmed.length > 0 ? confirmed : people;
  }

  /**
   * Sends a mail that too many accounts have this address, for example because others have given it without confirming
   * it. The mail asks the user to enter the user name instead, which always identifies one account.
   */
  async #sendTooMany(first: number, mailer: Mailer, from: string): Promise<void> {
    const { accounts, pace, placeName } = this.#options;
    const { email: to = '', emailConfirmed = false } = (await accounts.privateDetails(first)) ?? {};
    const about = `shared ${foldName(to)}`;
    const claim = emailConfirmed ? 'confirmed' : 'none';
    if (to === '' || !pace.admits({ about, to, claim, from })) return;
    await mailer.send({ to, ...sharedLetter(placeName) });
  }

  async #send(user: User, mailer: Mailer, from: string): Promise<void> {
    const { accounts, limits, pace, placeName, publicUrl } = this.#options;
    const { email = '', emailConfirmed = false } = (await accounts.privateDetails(user.id)) ?? {};
    if (user.state !== 'active' || user.role === 'guest' || (email === '' && mailer.needsAddress)) return;
    const claim = emailConfirmed ? 'confirmed' : await this.#claimOf(user, email);
    if (!pace.admits({ about: String(user.id), to: email, claim, from })) return;
    const created = await this.#create(user, '');
    if (created === null) return;
    // A change of address invalidates existing links, but this link may have been created just after the change.
    if ((await accounts.privateDetails(user.id))?.email !== email) return;
    const address = `${publicUrl()}/#/reset/${created.secret}`;
    const to = email === '' ? user.name : email;
    await mailer.send({ to, ...letter(placeName, unlinked(user.name), address, limits.resetMinutes) });
  }

  /** Returns `null` if the account no longer exists. */
  async #create(user: User, label: string): Promise<CreatedReset | null> {
    const { accounts, limits, wallNow } = this.#options;
    const createdAt = wallNow();
    const expiresAt = createdAt + limits.resetMinutes * MINUTE_MS;
    const secret = mintLinkSecret();
    const link = { id: randomUUID(), kind: 'reset', user: user.id, label, usesMax: 1, createdAt, expiresAt } as const;
    const outcome = await accounts.createLink({ ...link, secretHash: hashLinkSecret(secret) });
    return outcome === 'created' ? { secret, expiresAt } : null;
  }

  /** Returns the claim to an address that the account has not confirmed. */
  async #claimOf({ id }: User, email: string): Promise<MailboxClaim> {
    const [first] = email === '' ? [] : await this.#options.accounts.usersByEmail(email, 1);
    return first?.id === id ? 'first' : 'none';
  }
}

function sharedLetter(place: string): { subject: string; text: string } {
  const text = [
    `Someone asked to reset a password on ${place} using this email. More than ${SHARED_MAX} accounts use it,`,
    'so no link was sent. Ask again with your username instead of the email.',
    '',
    `有人用这个邮箱在 ${place} 申请重设密码。使用这个邮箱的账号超过 ${SHARED_MAX} 个，所以没有发送链接。`,
    '改用你的用户名重新申请。',
    '',
  ].join('\n');
  return { subject: `${place}: reset your password / 重设密码`, text };
}

/** Returns the mail in both languages, because the user's language is unknown. */
function letter(place: string, name: string, address: string, minutes: number): { subject: string; text: string } {
  const text = [
    `Someone asked to reset the password of the account ${name} on ${place}.`,
    `Open this link to set a new one. It works once and expires in ${minutes} minutes:`,
    '',
    address,
    '',
    'If this wasn’t you, ignore this email. Your password won’t change.',
    '',
    `有人申请重设 ${place} 账号“${name}”的密码。`,
    `打开上面的链接设置新密码。链接 ${minutes} 分钟内有效，只能用一次。`,
    '如果不是你本人操作，忽略这封邮件即可，密码不会改变。',
    '',
  ].join('\n');
  return { subject: `${place}: reset your password / 重设密码`, text };
}
