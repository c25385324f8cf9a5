import { foldName } from '@everywire/chat/internal';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';
import type { CreateBuckets, RateCounts } from './shared-counts.js';

/** The limits that `MailRateLimit` applies. */
export type MailRateLimits = Pick<
  ChatServerLimits,
  | ('resetsPerPerson' | 'resetsPerMailbox' | 'resetRefillMs' | 'attemptKeysMax')
  | ('resetsPerAddress' | 'addressResetRefillMs' | 'resetsAtOnce' | 'resetsRefillMs')
>;

/**
 * Evidence that the mailbox belongs to the account. `confirmed`: the user has read a mail there. `first`: no account
 * has confirmed the address, and this one was the first to give exactly this address.
 */
export type MailboxClaim = 'confirmed' | 'first' | 'none';

/** A mail that a client requested. */
export interface AskedMail {
  /** Identifies the account and the kind of mail. */
  readonly about: string;
  /** The email address; empty if the operator reads the mail of users without one. */
  readonly to: string;
  readonly claim: MailboxClaim;
  /** The key of the requesting network. */
  readonly from: string;
}

/** One rate limit that a mail counts against. */
interface Count {
  readonly buckets: RateCounts;
  readonly key: string;
  readonly setting: keyof ChatServerLimits;
}

/**
 * Limits the mail that strangers can request. There are four limits:
 * - for each account;
 * - for each mailbox, because an unconfirmed address may belong to someone without an account;
 * - for each requesting network, so that one stranger cannot use up all mails;
 * - in total, because mail providers block a server that sends mail to many strangers.
 */
export class MailRateLimit {
  readonly #ofPerson: RateCounts;
  readonly #ofMailbox: RateCounts;
  readonly #ofAddress: RateCounts;
  readonly #ofAll: RateCounts;
  readonly #log: Logger;

  constructor(limits: MailRateLimits, log: Logger, createBuckets: CreateBuckets) {
    const { resetRefillMs: refillMs, attemptKeysMax: keysMax } = limits;
    this.#ofPerson = createBuckets('resetsPerPerson', { capacity: limits.resetsPerPerson, refillMs, keysMax });
    this.#ofMailbox = createBuckets('resetsPerMailbox', { capacity: limits.resetsPerMailbox, refillMs, keysMax });
    const { resetsPerAddress, addressResetRefillMs, resetsAtOnce, resetsRefillMs } = limits;
    this.#ofAddress = createBuckets('resetsPerAddress', {
      capacity: resetsPerAddress,
      refillMs: addressResetRefillMs,
      keysMax,
    });
    this.#ofAll = createBuckets('resetsAtOnce', { capacity: resetsAtOnce, refillMs: resetsRefillMs, keysMax: 1 });
    this.#log = log;
  }

  /**
   * Returns whether a mail may be sent now, and counts it if so. The mailbox limit does not apply to an account that
   * has confirmed the address or was the first to give it, so that strangers who give the address cannot use up what
   * its owner needs.
   */
  admits(mail: AskedMail): boolean {
    const spent: Count[] = [];
    for (const count of this.#countsOf(mail)) {
      if (count.buckets.spend(count.key) === 0) {
        spent.push(count);
        continue;
      }
      for (const { buckets, key } of spent) buckets.giveBack(key);
      this.#log.warn(`A mail to an account was not sent: "limits.${count.setting}" was reached.`);
      return false;
    }
    return true;
  }

  #countsOf({ about, to, claim, from }: AskedMail): readonly Count[] {
    const ofPerson: Count = { buckets: this.#ofPerson, key: about, setting: 'resetsPerPerson' };
    // Without an address, the operator gets the mail, so the limit of a mailbox does not apply.
    if (to === '') return [ofPerson];
    const mailbox = canonicalMailbox(to);
    const isOwn = claim === 'confirmed' || (claim === 'first' && mailbox === foldName(to));
    const ofMailbox: Count = { buckets: this.#ofMailbox, key: mailbox, setting: 'resetsPerMailbox' };
    return [
      ofPerson,
      ...(isOwn ? [] : [ofMailbox]),
      { buckets: this.#ofAddress, key: from, setting: 'resetsPerAddress' },
      { buckets: this.#ofAll, key: '', setting: 'resetsAtOnce' },
    ];
  }
}

/** Providers that ignore dots before the `@`. */
const dotless: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);

/**
 * Returns one form for all addresses of a mailbox: folded, without angle brackets, and without the part from `+` to the
 * `@`, which most providers ignore. For counting only; mail goes to the address as given.
 */
export function canonicalMailbox(email: string): string {
  const folded = foldName(email).replace(/[<>"]/gu, '');
  const at = folded.lastIndexOf('@');
  const [local = '', domain] = [folded.slice(0, at).split('+', 1)[0], folded.slice(at + 1).replace(/\.$/u, '')];
  return `${dotless.has(domain) ? local.replaceAll('.', '') : local}@${domain}`;
}
