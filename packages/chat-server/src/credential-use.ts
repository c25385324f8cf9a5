import type { Accounts } from '@everywire/chat';
import { inBatches } from './in-batches.js';

/**
 * Renews the sign-ins of live sessions, because a session may stay open for longer than an unused sign-in is valid.
 * Also detects sign-ins that another process ended in the store. The sessions of such sign-ins must end.
 */
export class CredentialUse {
  readonly #accounts: Pick<Accounts, 'useCredential'>;
  /** The hashes of the tokens, by the id of the sign-in. A hash is not a secret. */
  readonly #hashes = new Map<string, string>();
  /** The sign-ins since the last renewal, whose sessions may not be open yet. */
  #opening = new Set<string>();

  constructor(accounts: Pick<Accounts, 'useCredential'>) {
    this.#accounts = accounts;
  }

  /** Starts to track the sign-in of a new session. */
  opened(credential: string, tokenHash: string): void {
    this.#hashes.set(credential, tokenHash);
    this.#opening.add(credential);
  }

  /** Returns the hash of a tracked sign-in; otherwise `null`. */
  hashOf(credential: string): string | null {
    return this.#hashes.get(credential) ?? null;
  }

  /**
   * Renews the tracked sign-ins with live sessions and those since the last call, drops the others, and returns the ids of
   * those that have ended.
   */
  async renew(living: ReadonlySet<string>, now: number, usedNow: number = now): Promise<readonly string[]> {
    const opening = this.#opening;
    this.#opening = new Set();
    for (const credential of this.#hashes.keys())
      if (!living.has(credential) && !opening.has(credential)) this.#hashes.delete(credential);
    const ended = await inBatches([...this.#hashes], async ([credential, tokenHash]) =>
      (await this.#accounts.useCredential(tokenHash, now, usedNow)) === null ? [credential] : [],
    );
    return ended.flat();
  }
}
