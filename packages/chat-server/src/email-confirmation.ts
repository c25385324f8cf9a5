import { randomUUID } from 'node:crypto';
import type { Accounts, PrivateDetails, User } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { hashLinkSecret } from './link-secret.js';
import type { MailDispatch } from './mail-dispatch.js';
import type { MailRateLimit } from './mail-rate-limit.js';
import { type Mailer, unlinked } from './mailer.js';
import { groupCode, mintTypedCode, plainCode } from './typed-code.js';

const MINUTE_MS = 60_000;

/** Dependencies of `EmailConfirmation`. */
export interface EmailConfirmationOptions {
  readonly accounts: Accounts;
  readonly mailer: Mailer | null;
  readonly placeName: string;
  readonly limits: Pick<ChatServerLimits, 'resetMinutes'>;
  readonly pace: MailRateLimit;
  readonly dispatch: MailDispatch;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/**
 * Confirms that the user of an account reads mail at its address. Sends a code to the address, which the user must
 * enter while signed in to the account. A confirmation therefore needs both the mailbox and the account. If a stranger
 * gave the address, the owner of the mailbox cannot confirm it by accident, and neither can a mail program that opens
 * links.
 *
 * A code is valid once and for a few minutes. A newer code, a change of the address, or a change of the password
 * invalidates it.
 */
export class EmailConfirmation {
  readonly #options: EmailConfirmationOptions;

  constructor(options: EmailConfirmationOptions) {
    this.#options = options;
  }

  /** Returns whether the address is confirmed; `null` if there is no address or the server sends no mail. */
  stateOf(details: Pick<PrivateDetails, 'email' | 'emailConfirmed'> | null): boolean | null {
    return details === null || details.email === '' || !this.#options.mailer?.needsAddress
      ? null
      : details.emailConfirmed;
  }

  /**
   * Sends a code to the user's address; no-op if it is confirmed. `from` is the key of the requesting network. Resolves
   * before the mail is sent, because the answer must not reveal whether other accounts have exhausted the mailbox's limit.
   * @throws RestRefusal `not_found` if there is nothing to confirm
   */
  async ask(user: User, from: string): Promise<void> {
    const { accounts, dispatch, mailer } = this.#options;
    const confirmed = this.stateOf(await accounts.privateDetails(user.id));
    if (mailer === null || confirmed === null) throw new RestRefusal('not_found');
    if (!confirmed) dispatch.send('The confirmation code of an email address', () => this.#deliver(user, mailer, from));
  }

  /**
   * Confirms the address.
   * @throws RestRefusal `code_wrong` if the code is of another account, used, replaced or expired, without saying which
   */
  async confirm(user: User, code: string): Promise<void> {
    const { accounts, wallNow } = this.#options;
    const change = { user: user.id, emailConfirmed: true } as const;
    const redeemed = await accounts.redeemLink(hashCode(user, plainCode(code)), 'email', change, wallNow());
    if (redeemed.outcome !== 'changed') throw new RestRefusal('code_wrong');
  }

  async #deliver(user: User, mailer: Mailer, from: string): Promise<void> {
    const { accounts, limits, pace, placeName, wallNow } = this.#options;
    const now = wallNow();
    const to = (await accounts.privateDetails(user.id))?.email ?? '';
    if (to === '' || !pace.admits({ about: `code ${user.id}`, to, claim: 'none', from })) return;
    const code = mintTypedCode();
    const link = { id: randomUUID(), kind: 'email', user: user.id, label: '', usesMax: 1 } as const;
    const times = { createdAt: now, expiresAt: now + limits.resetMinutes * MINUTE_MS };
    if ((await accounts.createLink({ ...link, ...times, secretHash: hashCode(user, code) })) !== 'created') return;
    // A change of address invalidates existing codes, but this code may have been created just after the change.
    if ((await accounts.privateDetails(user.id))?.email !== to) return;
    await mailer.send({ to, ...letter(placeName, unlinked(user.name), groupCode(code), limits.resetMinutes) });
  }
}

/**
 * Returns the hash under which a code is stored. Includes the account, so that the code is invalid for any other
 * account.
 */
function hashCode({ id }: User, code: string): string {
  return hashLinkSecret(`${id} ${code}`);
}

/** Returns the mail in both languages, because the user's language is unknown. */
function letter(place: string, name: string, code: string, minutes: number): { subject: string; text: string } {
  const text = [
    `This address was given for the account ${name} at ${place}.`,
    `If the account is yours, enter this code in its settings within ${minutes} minutes:`,
    '',
    code,
    '',
    'If it is not, do nothing, and give the code to no one.',
    '',
    `有人为 ${place} 的账户 ${name} 填写了这个邮箱。`,
    `如果是你的账户，请在 ${minutes} 分钟内到设置里输入上面的验证码。`,
    '如果不是，不用理会，也不要把验证码告诉任何人。',
    '',
  ].join('\n');
  return { subject: `${place}: confirm your mail address / 确认邮箱`, text };
}
