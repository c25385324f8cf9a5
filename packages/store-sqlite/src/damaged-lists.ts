import type { UserId } from '@everywire/chat';
import { type Damage, tableDamage } from './damage/damage.js';
import { isDamageError } from './damage/damage-log.js';

/**
 * Thrown by a change that met damage in data that the change does not need. When the change is run again, it avoids the
 * damaged data and succeeds. The transaction must be rolled back, because SQLite refuses further writes in it. The
 * error has the `code` of SQLite's errors for damage.
 */
export class AvoidableDamage extends Error {
  override readonly name: string = 'AvoidableDamage';
  readonly code: string = 'SQLITE_CORRUPT_LIST';
}

/**
 * Tracks the users whose lists of conversations are on a damaged part of the table `list_order`, as far as detected
 * since the store was opened. Reports each damage.
 */
export class DamagedLists {
  readonly #unwritable: Set<UserId> = new Set();
  readonly #unreadable: Set<UserId> = new Set();
  readonly #note: (damage: Damage) => void;

  constructor(note: (damage: Damage) => void) {
    this.#note = note;
  }

  /** Returns whether a user's list must not be written. Undamaged parts of the list may still be readable. */
  isUnwritable(user: UserId): boolean {
    return this.#unwritable.has(user);
  }

  /**
   * Writes to a list that is not known to be damaged. If it is, throws `AvoidableDamage` and marks it as unwritable.
   */
  write(user: UserId, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#meet(error);
      this.#unwritable.add(user);
      throw new AvoidableDamage('A list cannot be written.', { cause: error });
    }
  }

  /** Returns what `work` reads; `null` if the list cannot be read. The caller must not run a transaction. */
  read<T>(user: UserId, work: () => T): T | null {
    if (this.#unreadable.has(user)) return null;
    try {
      return work();
    } catch (error) {
      this.#meet(error);
      this.#unreadable.add(user);
      return null;
    }
  }

  /**
   * Runs `work`, which reads a list; if it cannot, marks the list as unwritable. The caller must not run a transaction.
   */
  probe(user: UserId, work: () => void): void {
    this.read(user, work);
    if (this.#unreadable.has(user)) this.#unwritable.add(user);
  }

  /** Reports an error that was caused by damage; rethrows any other error. */
  #meet(error: unknown): void {
    if (!isDamageError(error)) throw error;
    this.#note(tableDamage('unreadable', 'list_order', error instanceof Error ? error.message : String(error)));
  }
}
