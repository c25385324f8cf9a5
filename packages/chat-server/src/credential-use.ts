import type { Accounts } from '@everywire/chat';

/**
 * Keeps the sign-ins of living sessions in use. A session may stay open for longer than a sign-in lives without being used, and one that
 * ended elsewhere (in the store, by another process) has to end here too.
 */
export class CredentialUse {
  readonly #accounts: Pick<Accounts, 'useCredential'>;
  /** By id of the sign-in; a hash is no secret. */
  readonly #hashes = new Map<string, string>();

  constructor(accounts: Pick<Accounts, 'useCredential'>) {
    this.#accounts = accounts;
  }

  opened(credential: string, tokenHash: string): void {
    this.#hashes.set(credential, tokenHash);
  }

  /** Uses those that have living sessions, forgets the others, and answers those that have ended. */
  async renew(living: ReadonlySet<string>, now: number, usedNow: number = now): Promise<readonly string[]> {
    const ended: string[] = [];
    for (const [credential, tokenHash] of this.#hashes) {
      if (!living.has(credential)) this.#hashes.delete(credential);
      else if ((await this.#accounts.useCredential(tokenHash, now, usedNow)) === null) ended.push(credential);
    }
    return ended;
  }
}
