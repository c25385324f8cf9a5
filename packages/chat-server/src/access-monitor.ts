import type { Accounts, UserId } from '@everywire/chat';
import type { Claims } from '@everywire/server';
import { CoalescedCheck } from './coalesced-check.js';
import type { CredentialUse } from './credential-use.js';
import { inBatches } from './in-batches.js';
import type { InFlightRequests } from './in-flight-requests.js';
import type { LiveSessions } from './live-sessions.js';
import type { Logger } from './logger.js';
import type { EndedAccess } from './node-message.js';
import { SIGNED_PREFIX } from './sign-in.js';

/** Dependencies of `AccessMonitor`. */
export interface AccessMonitorOptions {
  readonly accounts: Pick<Accounts, 'users' | 'privateDetails'>;
  readonly sessions: Pick<LiveSessions, 'all'>;
  readonly credentialUse: Pick<CredentialUse, 'renew'>;
  readonly requests: Pick<InFlightRequests, 'endCredentials' | 'endUser' | 'endSigned'>;
  /** Ends the sessions whose claims match, including sessions that are being opened. */
  readonly revoke: (match: (claims: Claims) => boolean) => void;
  readonly wallNow: () => number;
  /** Returns the current time, by which the store decides whether a sign-in is unused for too long. */
  readonly usedNow: () => number;
  readonly log: Logger;
}

/**
 * Ends sessions and requests of this node whose access has ended. A user's access ends, for example, when the user
 * signs out or is suspended. This may happen on any node (server process) of the installation.
 */
export class AccessMonitor {
  readonly #options: AccessMonitorOptions;
  readonly #recheck: CoalescedCheck;

  constructor(options: AccessMonitorOptions) {
    this.#options = options;
    this.#recheck = new CoalescedCheck(
      () => this.#look(),
      (error) => options.log.error('The sign-ins of open sessions could not be checked; the next tick retries.', error),
    );
  }

  /** Ends the sessions (with `revoked`) and requests of this node whose access has ended. */
  end(ended: EndedAccess): void {
    if (ended.of === 'user') this.#endUsers([ended.user]);
    else if (ended.of === 'signed') this.#endSigned(new Map([[ended.user, ended.until]]));
    else this.#endCredentials(ended.ids);
  }

  /**
   * Checks in the store whether the access of every session of this node continues. Needed when this node may have
   * missed changes by other processes.
   */
  check(): void {
    this.#recheck.call();
  }

  /** Retries a failed check. The caller must call this each second. */
  tick(): void {
    this.#recheck.tick();
  }

  async #look(): Promise<void> {
    const { accounts, sessions, credentialUse, wallNow, usedNow } = this.#options;
    const all = sessions.all();
    const living = new Set(all.map(({ credential }) => credential));
    this.#endCredentials(await credentialUse.renew(living, wallNow(), usedNow()));
    const people = await accounts.users([...new Set(all.map(({ user }) => user))]);
    this.#endUsers(people.filter(({ state }) => state !== 'active').map(({ id }) => id));
    const signed = all.filter(({ credential }) => credential.startsWith(SIGNED_PREFIX));
    const signedOut = new Map<UserId, number>();
    await inBatches([...new Set(signed.map(({ user }) => user))], async (user) => {
      const details = await accounts.privateDetails(user);
      if (details !== null) signedOut.set(user, details.signedOutAt);
    });
    this.#endSigned(signedOut);
  }

  /* `revoke` scans every session of the node, so it is called once for all that end together. */

  #endCredentials(ended: readonly string[]): void {
    if (ended.length === 0) return;
    const ids = new Set(ended);
    this.#options.revoke(({ credential }) => credential !== undefined && ids.has(credential));
    this.#options.requests.endCredentials(ended);
  }

  #endUsers(ended: readonly UserId[]): void {
    if (ended.length === 0) return;
    const subjects = new Set(ended.map(String));
    this.#options.revoke(({ subject }) => subjects.has(subject));
    for (const user of ended) this.#options.requests.endUser(user);
  }

  /** @param until for each user, a time; the user's tokens that were signed until then are no longer valid */
  #endSigned(until: ReadonlyMap<UserId, number>): void {
    if (until.size === 0) return;
    const { requests, revoke } = this.#options;
    revoke((claims) => signedAtOf(claims) <= (until.get(Number(claims.subject)) ?? Number.NEGATIVE_INFINITY));
    requests.endSigned(until);
  }
}

/** Returns when the token was signed, in milliseconds since the epoch; infinity for tokens that this server issued. */
function signedAtOf(claims: Claims): number {
  const { signedAt } = claims;
  return typeof signedAt === 'number' ? signedAt : Number.POSITIVE_INFINITY;
}
