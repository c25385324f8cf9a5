import type { UserId } from '@everywire/chat';
import { type Damage, tableDamage } from './damage/damage.js';
import { isDamageError } from './damage/damage-log.js';

/**
 * Thrown by a change that met damage which it does not need: when run again, it avoids the damage and succeeds. Its
 * transaction is lost, because SQLite writes nothing more in it. Its code classifies it as damage, like SQLite's own.
 */
export class AvoidableDamage extends Error {
  override readonly name: string = 'AvoidableDamage';
  readonly code: string = 'SQLITE_CORRUPT_LIST';
}

/**
 * Tracks the users whose lists are on a damaged part of `list_order`, as detected since the store was opened. Reports
 * each.
 */
export class DamagedLists {
  readonly #unwritable: Set<UserId> = new Set();
  readonly #unreadable: Set<UserId> = new Set();
  readonly #note: (damage: Damage) => void;

  constructor(note: (damage: Damage) => void) {
    this.#note = note;
  }

  /** Returns whether a user's list must not be written. It may still be readable outside the damaged part. */
  isUnwritable(user: UserId): boolean {
    return this.#unwritable.has(user);
  }

  /** Writes to a list not known to be damaged. Throws `AvoidableDamage` if it is; the list is not written again. */
  write(user: UserId, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#meet(error);
      this.#unwritable.add(user);
      throw new AvoidableDamage('A list cannot be written.', { cause: error });
    }
  }

  /** Returns what `work` reads; `null` if the list cannot be read. Must be called outside of transactions. */
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

  /** Marks an unreadable list as unwritable. Must be called outside of transactions. */
  probe(user: UserId, work: () => void): void {
    this.read(user, work);
    if (this.#unreadable.has(user)) this.#unwritable.add(user);
  }

  /** Reports damage; rethrows anything else. */
  #meet(error: unknown): void {
    if (!isDamageError(error)) throw error;
    this.#note(tableDamage('unreadable', 'list_order', error instanceof Error ? error.message : String(error)));
  }
}
