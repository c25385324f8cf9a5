import { foldName } from '@everywire/chat/internal';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';
import { type Counts, type CreateBuckets, ownBuckets } from './shared-counts.js';

export type MailPaceLimits = Pick<
  ChatServerLimits,
  | ('resetsPerPerson' | 'resetsPerMailbox' | 'resetRefillMs' | 'attemptKeysMax')
  | ('resetsPerAddress' | 'addressResetRefillMs' | 'resetsAtOnce' | 'resetsRefillMs')
>;

/**
 * What speaks for the mailbox being the account's own. `confirmed`: the person has read a mail there. `first`: nobody has, and of all accounts with this
 * very address this one gave it first.
 */
export type MailboxClaim = 'confirmed' | 'first' | 'none';

/** A mail that somebody asked for. */
export interface AskedMail {
  /** Which account it is for, or which text it has. */
  readonly about: string;
  /** The mail address; empty where the operator reads the mail of people without one. */
  readonly to: string;
  readonly claim: MailboxClaim;
  /** The key of the network that asked for it. */
  readonly from: string;
}

/** One count that a mail is part of. */
interface Count {
  readonly buckets: Counts;
  readonly key: string;
  readonly setting: keyof ChatServerLimits;
}

/**
 * Bounds the mail that the server sends at the request of strangers: for each account; for each mailbox, because an address that is not confirmed may be
 * that of a person who has no account here; for each network that asks, so that one stranger leaves something for others; and in total, because a
 * server that mails many strangers is blocked by mail providers.
 */
export class MailPace {
  readonly #ofPerson: Counts;
  readonly #ofMailbox: Counts;
  readonly #ofAddress: Counts;
  readonly #ofAll: Counts;
  readonly #log: Log;

  constructor(limits: MailPaceLimits, log: Log, createBuckets: CreateBuckets = ownBuckets) {
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
   * Returns whether a mail may be sent now, and counts it; one that may not be sent counts nowhere. An account that has confirmed its address is not
   * counted for the mailbox, so that strangers who give the address cannot use up what its owner needs; neither is the one that gave it first.
   *
   * @param now milliseconds since the epoch
   */
  admits(mail: AskedMail, now: number): boolean {
    const spent: Count[] = [];
    for (const count of this.#countsOf(mail)) {
      if (count.buckets.spend(count.key, now) === 0) {
        spent.push(count);
        continue;
      }
      for (const { buckets, key } of spent) buckets.giveBack(key);
      this.#log.warn(`A mail was not sent to an account ("limits.${count.setting}").`);
      return false;
    }
    return true;
  }

  #countsOf({ about, to, claim, from }: AskedMail): readonly Count[] {
    const ofPerson: Count = { buckets: this.#ofPerson, key: about, setting: 'resetsPerPerson' };
    // It leaves for no mailbox.
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

/** Providers that ignore dots in front of the `@`. */
const dotless: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);

/**
 * The form in which addresses of one mailbox are the same: folded, without angle brackets, and without what follows `+` in front of the `@`, which
 * most providers deliver to the same mailbox. For counting only; mail goes to the address as it was given.
 */
export function canonicalMailbox(email: string): string {
  const folded = foldName(email).replace(/[<>"]/gu, '');
  const at = folded.lastIndexOf('@');
  const [local = '', domain] = [folded.slice(0, at).split('+', 1)[0], folded.slice(at + 1).replace(/\.$/u, '')];
  return `${dotless.has(domain) ? local.replaceAll('.', '') : local}@${domain}`;
}
