import type { Accounts } from '@everywire/chat';
import { inBatches } from './in-batches.js';

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

  /** `null` where it is not kept in use. */
  hashOf(credential: string): string | null {
    return this.#hashes.get(credential) ?? null;
  }

  /** Uses those that have living sessions, forgets the others, and answers those that have ended. */
  async renew(living: ReadonlySet<string>, now: number, usedNow: number = now): Promise<readonly string[]> {
    for (const credential of this.#hashes.keys()) if (!living.has(credential)) this.#hashes.delete(credential);
    const ended = await inBatches([...this.#hashes], async ([credential, tokenHash]) =>
      (await this.#accounts.useCredential(tokenHash, now, usedNow)) === null ? [credential] : [],
    );
    return ended.flat();
  }
}
