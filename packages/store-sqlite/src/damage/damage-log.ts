import { errorCode } from '../store-file-error.js';
import { type Damage, tableDamage } from './damage.js';

/** The most damaged parts that are kept and reported. Further parts are ignored. */
const DAMAGE_KEPT_MAX = 1_000;

/** Returns whether an error is damage, as detected by SQLite or our checksums. */
export function isDamageError(error: unknown): boolean {
  const code = errorCode(error);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

/**
 * Thrown for a row that exists but differs from what was written. It has the `code` of SQLite's errors for damage, so
 * that callers treat both in the same way.
 */
export class AlteredRow extends Error {
  override readonly name: string = 'AlteredRow';
  readonly code: string = 'SQLITE_CORRUPT_ROW';
}

/**
 * Collects the damage found since the store was opened. Reports each part once; ignores a part within a reported part.
 */
export class DamageLog {
  readonly #found: Damage[] = [];
  readonly #onDamage: (damage: Damage) => void;
  readonly #lost: readonly Damage[];

  /** @param lost damage known to be permanent, which is not reported */
  constructor(onDamage: (damage: Damage) => void, lost: readonly Damage[] = []) {
    this.#onDamage = onDamage;
    this.#lost = lost;
  }

  /** Returns damage in order of detection; at most 1,000 parts. */
  get found(): readonly Damage[] {
    return this.#found;
  }

  note(damage: Damage): void {
    if (this.#found.length >= DAMAGE_KEPT_MAX) return;
    if ([...this.#lost, ...this.#found].some((known) => isWithin(damage, known))) return;
    this.#found.push(damage);
    this.#onDamage(damage);
  }

  /** Records an error that was caused by damage; ignores others. */
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
