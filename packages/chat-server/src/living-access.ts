import type { Accounts, UserId } from '@everywire/chat';
import type { Claims } from '@everywire/server';
import type { CredentialUse } from './credential-use.js';
import type { LastingRequests } from './lasting-requests.js';
import type { LiveSessions } from './live-sessions.js';
import type { Log } from './log.js';
import type { EndedAccess } from './node-message.js';
import { signedPrefix } from './sign-in.js';

export interface LivingAccessOptions {
  readonly accounts: Pick<Accounts, 'users' | 'privateDetails'>;
  readonly sessions: Pick<LiveSessions, 'all'>;
  readonly credentialUse: Pick<CredentialUse, 'renew'>;
  readonly requests: Pick<LastingRequests, 'credentialsOf' | 'endCredentials' | 'endUser'>;
  /** Ends the sessions whose claims match, those that are being opened included. */
  readonly revoke: (match: (claims: Claims) => boolean) => void;
  readonly wallNow: () => number;
  /** As of when sign-ins are judged unused. */
  readonly usedNow: () => number;
  readonly log: Log;
}

/** The access by which sessions and requests of this node live: they end where it has ended, whoever ended it. */
export class LivingAccess {
  readonly #options: LivingAccessOptions;
  #isDue = false;
  #isChecking = false;
  #isFailing = false;

  constructor(options: LivingAccessOptions) {
    this.#options = options;
  }

  /** Ends sessions and requests of this node now, with `revoked`. */
  end(ended: EndedAccess): void {
    const { requests, revoke } = this.#options;
    if (ended.of === 'user') {
      revoke(({ subject }) => subject === String(ended.user));
      requests.endUser(ended.user);
    } else if (ended.of === 'signed') {
      const { user, until } = ended;
      revoke((claims) => claims.subject === String(user) && signedAtOf(claims) <= until);
      requests.endCredentials(requests.credentialsOf(user).filter((id) => id.startsWith(signedPrefix)));
    } else if (ended.ids.length > 0) {
      const ids = new Set(ended.ids);
      revoke(({ credential }) => credential !== undefined && ids.has(credential));
      requests.endCredentials(ended.ids);
    }
  }

  /** Looks in the store whether the access of every session here goes on: what other processes ended may not have been heard of. */
  check(): void {
    this.#isDue = true;
    this.retry();
  }

  /** Call it each second: a look that the store did not answer is made again. */
  retry(): void {
    if (!this.#isDue || this.#isChecking) return;
    this.#isDue = false;
    this.#isChecking = true;
    this.#look()
      .then(
        () => {
          this.#isFailing = false;
        },
        (error: unknown) => {
          if (!this.#isFailing) this.#options.log.error('Whether sign-ins go on could not be looked up.', error);
          this.#isFailing = true;
          this.#isDue = true;
        },
      )
      .finally(() => {
        this.#isChecking = false;
      });
  }

  async #look(): Promise<void> {
    const { accounts, sessions, credentialUse, wallNow, usedNow } = this.#options;
    const all = sessions.all();
    const living = new Set(all.map(({ credential }) => credential));
    this.end({ of: 'credentials', ids: await credentialUse.renew(living, wallNow(), usedNow()) });
    const people = await accounts.users([...new Set(all.map(({ user }) => user))]);
    for (const { id, state } of people) if (state !== 'active') this.end({ of: 'user', user: id });
    const signed = all.filter(({ credential }) => credential.startsWith(signedPrefix));
    for (const user of new Set(signed.map((session) => session.user))) await this.#lookAtSigned(user);
  }

  async #lookAtSigned(user: UserId): Promise<void> {
    const details = await this.#options.accounts.privateDetails(user);
    if (details !== null) this.end({ of: 'signed', user, until: details.signedOutAt });
  }
}

/** When the token was signed, milliseconds since the epoch; never where it is our own. */
function signedAtOf(claims: Claims): number {
  const { signedAt } = claims;
  return typeof signedAt === 'number' ? signedAt : Number.POSITIVE_INFINITY;
}
