import { randomUUID } from 'node:crypto';
import type { Accounts, User } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { hashLinkSecret, mintLinkSecret } from './link-secret.js';
import type { Log } from './log.js';
import type { Mailer } from './mailer.js';
import type { SignIn } from './sign-in.js';
import { TokenBuckets } from './token-buckets.js';

const minuteMs = 60_000;
/** People who share an address, to all of whom a link is sent. */
const sharedMax = 5;
/** Links on their way to the mail server; further requests are dropped and logged. */
const underWayMax = 100;

export interface PasswordResetOptions {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly mailer: Mailer | null;
  readonly placeName: string;
  /** Where links begin, without a slash at the end. Never taken from a request, whose `Host` anyone can write. */
  readonly publicUrl: () => string;
  readonly limits: Pick<ChatServerLimits, 'resetMinutes' | 'resetsPerPerson' | 'resetRefillMs' | 'attemptKeysMax'>;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/**
 * A new password by a link that is sent to the person's address. Whether there is such a person is not told: the answer is given before anything is
 * looked up. A link is good once and for minutes, a newer one ends it, and using it ends every sign-in of the person.
 */
export class PasswordReset {
  readonly #options: PasswordResetOptions;
  readonly #pace: TokenBuckets;
  #underWay = 0;

  constructor(options: PasswordResetOptions) {
    this.#options = options;
    const { resetsPerPerson, resetRefillMs, attemptKeysMax } = options.limits;
    this.#pace = new TokenBuckets({ capacity: resetsPerPerson, refillMs: resetRefillMs, keysMax: attemptKeysMax });
  }

  /** `who` is a user name or a mail address. Returns at once. */
  ask(who: string): void {
    const { log } = this.#options;
    if (this.#underWay >= underWayMax) {
      log.warn('Too many links for new passwords are on their way; one was not sent.');
      return;
    }
    this.#underWay += 1;
    this.#deliver(who)
      .catch((error: unknown) => log.error('A link for a new password could not be sent.', error))
      .finally(() => {
        this.#underWay -= 1;
      });
  }

  async finish(secret: string, password: string): Promise<void> {
    const { accounts, signIn, wallNow } = this.#options;
    const hash = hashLinkSecret(secret);
    const link = await accounts.link(hash, wallNow());
    if (link?.kind !== 'reset' || link.user === null) throw new RestRefusal('link_ended');
    const passwordHash = await signIn.hashPassword(password);
    const redeemed = await accounts.redeemLink(hash, 'reset', { user: link.user, passwordHash }, wallNow());
    if (redeemed.outcome !== 'changed') throw new RestRefusal('link_ended');
    // Whoever had the old password is out.
    await signIn.end(link.user, 'all');
  }

  async #deliver(who: string): Promise<void> {
    const { accounts, mailer, log } = this.#options;
    if (mailer === null) {
      log.warn('A link for a new password was asked for, and there is no way to send one.');
      return;
    }
    const named = await accounts.passwordHash(who);
    const people = named === null ? await accounts.usersByEmail(who, sharedMax) : [named.user];
    for (const user of people) await this.#send(user, mailer);
  }

  async #send(user: User, mailer: Mailer): Promise<void> {
    const { accounts, limits, placeName, publicUrl, wallNow } = this.#options;
    const now = wallNow();
    const email = (await accounts.privateDetails(user.id))?.email ?? '';
    if (user.role === 'guest' || (email === '' && mailer.needsAddress)) return;
    if (this.#pace.spend(String(user.id), now) > 0) return;
    const secret = mintLinkSecret();
    const link = { id: randomUUID(), kind: 'reset', user: user.id, label: '', usesMax: 1 } as const;
    const times = { createdAt: now, expiresAt: now + limits.resetMinutes * minuteMs };
    await accounts.createLink({ ...link, ...times, secretHash: hashLinkSecret(secret) });
    const address = `${publicUrl()}/#/reset/${secret}`;
    const to = email === '' ? user.name : email;
    await mailer.send({ to, ...letter(placeName, user.name, address, limits.resetMinutes) });
  }
}

/** In both languages: which one the person reads is not known here. */
function letter(place: string, name: string, address: string, minutes: number): { subject: string; text: string } {
  const text = [
    `Somebody asked for a new password for the account ${name} at ${place}.`,
    `To choose one, open this link, good once and for ${minutes} minutes:`,
    '',
    address,
    '',
    'If it was not you, do nothing: your password stays as it is.',
    '',
    `有人为 ${place} 的账户 ${name} 申请重设密码。`,
    `打开上面的链接即可设置新密码，链接只能用一次，${minutes} 分钟内有效。`,
    '如果不是你，不用理会，密码不会改变。',
    '',
  ].join('\n');
  return { subject: `${place}: new password / 重设密码`, text };
}
