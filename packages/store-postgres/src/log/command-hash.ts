import { createHmac, type KeyObject } from 'node:crypto';

/**
 * What is kept of a command's hash. The hash of a short text is found by trying, and stays for days after the message was recalled; so it is kept
 * under a key that is in no database. Nodes that are given the same one know each other's.
 */
export class CommandHash {
  readonly #key: KeyObject;
  /** Which key it was. */
  readonly #ours: string;

  constructor(key: KeyObject) {
    this.#key = key;
    this.#ours = `${createHmac('sha256', key).update('name').digest('base64url').slice(0, 8)}.`;
  }

  of(hash: string): string {
    return this.#ours + createHmac('sha256', this.#key).update(hash).digest('base64url');
  }

  /** False where the two are certainly of different commands. */
  mayBe(kept: string, hash: string): boolean {
    return !kept.startsWith(this.#ours) || kept === this.of(hash);
  }
}
