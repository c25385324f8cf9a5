import { errorCode } from '../store-file-error.js';
import { type Damage, tableDamage } from './damage.js';

/** Damage kept in memory and reported; more of it is the same news. */
const DAMAGE_KEPT_MAX = 1_000;

/** Whether SQLite, or a checksum of ours, says that what is stored is damaged. */
export function isDamageError(error: unknown): boolean {
  const code = errorCode(error);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

/** A row that is there and is not what was written. Its code makes it damage like SQLite's own. */
export class AlteredRow extends Error {
  override readonly name: string = 'AlteredRow';
  readonly code: string = 'SQLITE_CORRUPT_ROW';
}

/** What is known to be damaged since the store was opened. Reports each damage once; one that lies within another is no news. */
export class DamageBook {
  readonly #found: Damage[] = [];
  readonly #onDamage: (damage: Damage) => void;
  readonly #lost: readonly Damage[];

  /** @param lost what is known to be lost for good, and no news. */
  constructor(onDamage: (damage: Damage) => void, lost: readonly Damage[] = []) {
    this.#onDamage = onDamage;
    this.#lost = lost;
  }

  /** In the order in which it was met; at most 1,000. */
  get found(): readonly Damage[] {
    return this.#found;
  }

  note(damage: Damage): void {
    if (this.#found.length >= DAMAGE_KEPT_MAX) return;
    if ([...this.#lost, ...this.#found].some((known) => isWithin(damage, known))) return;
    this.#found.push(damage);
    this.#onDamage(damage);
  }

  /** Notes a failure that came from damage, wherever it was thrown; others are none of its business. */
  noteError(error: unknown): void {
    const cause = error instanceof Error && isDamageError(error.cause) ? error.cause : error;
    if (!isDamageError(cause)) return;
    this.note(tableDamage('unreadable', null, cause instanceof Error ? cause.message : String(cause)));
  }
}

function isWithin(damage: Damage, known: Damage): boolean {
  if (damage.conversation !== known.conversation || damage.table !== known.table) return false;
  if (damage.conversation === null) return damage.detail === known.detail;
  return (damage.from ?? 0) >= (known.from ?? 0) && (damage.to ?? 0) <= (known.to ?? 0);
}
