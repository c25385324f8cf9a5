import { randomUUID } from 'node:crypto';
import type { Accounts, PrivateDetails, User } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { hashLinkSecret } from './link-secret.js';
import type { MailDispatch } from './mail-dispatch.js';
import type { MailPace } from './mail-pace.js';
import { type Mailer, unlinked } from './mailer.js';
import { groupCode, mintTypedCode, plainCode } from './typed-code.js';

const minuteMs = 60_000;

export interface EmailConfirmationOptions {
  readonly accounts: Accounts;
  readonly mailer: Mailer | null;
  readonly placeName: string;
  readonly limits: Pick<ChatServerLimits, 'resetMinutes'>;
  readonly pace: MailPace;
  readonly dispatch: MailDispatch;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/**
 * Confirms that the person of an account reads what is sent to its mail address: a code goes there, and is typed where the person is signed in. A code
 * needs the mailbox and the account, so a stranger who gave the address confirms nothing by what its owner does with the mail, and neither
 * does a program that opens links. A code is good once and for minutes, a newer one ends it, and so does another address or password.
 */
export class EmailConfirmation {
  readonly #options: EmailConfirmationOptions;

  constructor(options: EmailConfirmationOptions) {
    this.#options = options;
  }

  /** Whether the address is confirmed; `null` where there is nothing to confirm: no address, or a place that sends no mail. */
  stateOf(details: Pick<PrivateDetails, 'email' | 'emailConfirmed'> | null): boolean | null {
    return details === null || details.email === '' || !this.#options.mailer?.needsAddress
      ? null
      : details.emailConfirmed;
  }

  /**
   * Sends a code to the person's address, `from` being the key of the network that asks. Resolves before it is sent: an answer must not say whether
   * other accounts have used up the mails of the mailbox. Does nothing where the address is confirmed. @throws RestRefusal `not_found`: there is nothing to confirm.
   */
  async ask(user: User, from: string): Promise<void> {
    const { accounts, dispatch, mailer } = this.#options;
    const confirmed = this.stateOf(await accounts.privateDetails(user.id));
    if (mailer === null || confirmed === null) throw new RestRefusal('not_found');
    if (!confirmed) dispatch.send('A code for a mail address', () => this.#deliver(user, mailer, from));
  }

  /** @throws RestRefusal `code_wrong`: of another account, used, replaced or too old, which is not told apart. */
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
    if (to === '' || !pace.admits({ about: `code ${user.id}`, to, claim: 'none', from }, now)) return;
    const code = mintTypedCode();
    const link = { id: randomUUID(), kind: 'email', user: user.id, label: '', usesMax: 1 } as const;
    const times = { createdAt: now, expiresAt: now + limits.resetMinutes * minuteMs };
    if ((await accounts.createLink({ ...link, ...times, secretHash: hashCode(user, code) })) !== 'created') return;
    // A new address ends the codes that there are; this one may have been made right behind it.
    if ((await accounts.privateDetails(user.id))?.email !== to) return;
    await mailer.send({ to, ...letter(placeName, unlinked(user.name), groupCode(code), limits.resetMinutes) });
  }
}

/** With the account, so that a code is of no use for another one. */
function hashCode({ id }: User, code: string): string {
  return hashLinkSecret(`${id} ${code}`);
}

/** In both languages: which one the person reads is not known here. */
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
