import type { UserId } from '@everywire/chat';
import { type Damage, tableDamage } from './damage/damage.js';
import { isDamageError } from './damage/damage-book.js';

/**
 * A change met damage that it does not need: whoever threw this goes around it from now on, so the change succeeds when it runs again. Its
 * transaction is lost, because SQLite writes nothing more in it. Its code makes it damage like SQLite's own.
 */
export class AvoidableDamage extends Error {
  override readonly name: string = 'AvoidableDamage';
  readonly code: string = 'SQLITE_CORRUPT_LIST';
}

/** Whose lists lie on a damaged part of `list_order`, as far as that was met since the store was opened. Notes what it meets. */
export class DamagedLists {
  readonly #unwritable: Set<UserId> = new Set();
  readonly #unreadable: Set<UserId> = new Set();
  readonly #note: (damage: Damage) => void;

  constructor(note: (damage: Damage) => void) {
    this.#note = note;
  }

  /** Whether nothing may be written to a user's list. It may still be readable, beside the part that is damaged. */
  isUnwritable(user: UserId): boolean {
    return this.#unwritable.has(user);
  }

  /** Writes to a list that is not known to be damaged. Throws `AvoidableDamage` where it is; that user's list is not to be written again. */
  write(user: UserId, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#meet(error);
      this.#unwritable.add(user);
      throw new AvoidableDamage('A list cannot be written.', { cause: error });
    }
  }

  /** What `work` reads; `null` where the list cannot be read. Outside of transactions. */
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

  /** Takes a list that cannot be read for one that cannot be written. Outside of transactions. */
  probe(user: UserId, work: () => void): void {
    this.read(user, work);
    if (this.#unreadable.has(user)) this.#unwritable.add(user);
  }

  /** Throws on what is no damage. */
  #meet(error: unknown): void {
    if (!isDamageError(error)) throw error;
    this.#note(tableDamage('unreadable', 'list_order', error instanceof Error ? error.message : String(error)));
  }
}
