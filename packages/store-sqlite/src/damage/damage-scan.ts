import type { Database } from '../database/database.js';
import { type Damage, tableDamage } from './damage.js';
import { describeFailedStep } from './scan-failure.js';
import { scanLog } from './scan-log.js';
import { scanTables } from './scan-tables.js';

/** Limits of a scan. */
export interface DamageScanLimits {
  readonly damageCheckRowsAtOnce: number;
  readonly damageCheckTableRowsMax: number;
}

/** Scans the whole store for damage; each `yield` ends a step, which is one short read without an open transaction. */
export function* scanForDamage(
  database: Database,
  limits: DamageScanLimits,
  note: (damage: Damage) => void,
): Generator<void> {
  const { damageCheckRowsAtOnce: rowsAtOnce, damageCheckTableRowsMax: tableRowsMax } = limits;
  // First the log, because SQLite cannot detect missing messages.
  try {
    yield* scanLog({ database, rowsAtOnce, note });
  } catch (error) {
    note(tableDamage('unreadable', 'conversation', describeFailedStep(error)));
  }
  yield* scanTables({ database, rowsAtOnce, tableRowsMax, note });
}
