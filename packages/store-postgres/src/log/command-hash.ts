import { createHmac, type KeyObject } from 'node:crypto';

/**
 * Keys the stored hashes of commands. The plain hash of a short text could be guessed, and it stays for days after the
 * message was recalled; so it is stored as an HMAC under a key that is in no database. Nodes with the same key can
 * compare each other's hashes.
 */
export class CommandHash {
  readonly #key: KeyObject;
  /** Identifies the key. */
  readonly #ours: string;

  constructor(key: KeyObject) {
    this.#key = key;
    this.#ours = `${createHmac('sha256', key).update('name').digest('base64url').slice(0, 8)}.`;
  }

  of(hash: string): string {
    return this.#ours + createHmac('sha256', this.#key).update(hash).digest('base64url');
  }

  /**
   * Returns `false` only when the two are certainly of different commands; a hash under another key cannot be compared.
   */
  mayBe(kept: string, hash: string): boolean {
    return !kept.startsWith(this.#ours) || kept === this.of(hash);
  }
}
