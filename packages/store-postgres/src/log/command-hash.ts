import { createHmac, type KeyObject } from 'node:crypto';

/**
 * Protects the stored hashes of commands with a secret key. A stored hash shows whether a repeated command id comes
 * with the same command. It stays for days, even after the message was recalled, and an attacker could find a short
 * text by hashing guesses. So the hash is stored as an HMAC. Nodes with the same key can compare each other's hashes. A
 * key that is in no database (`commandKey`) also protects the texts from readers of the database.
 */
export class CommandHash {
  readonly #key: KeyObject;
  /** The beginning of every hash under this key; it identifies the key. */
  readonly #prefix: string;

  constructor(key: KeyObject) {
    this.#key = key;
    this.#prefix = `${createHmac('sha256', key).update('name').digest('base64url').slice(0, 8)}.`;
  }

  /** Returns the hash of a command in its stored form. */
  of(hash: string): string {
    return this.#prefix + createHmac('sha256', this.#key).update(hash).digest('base64url');
  }

  /**
   * Returns whether the stored hash may belong to the command with this hash. Returns `true` also for a hash that was
   * stored under another key, because it cannot be compared.
   */
  mayBe(stored: string, hash: string): boolean {
    return !stored.startsWith(this.#prefix) || stored === this.of(hash);
  }
}
