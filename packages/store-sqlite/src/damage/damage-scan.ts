import type { Database } from '../database/database.js';
import { type Damage, tableDamage } from './damage.js';
import { describeFailedStep } from './scan-failure.js';
import { scanLog } from './scan-log.js';
import { scanTables } from './scan-tables.js';

export interface DamageScanLimits {
  readonly damageCheckRowsAtOnce: number;
  readonly damageCheckTableRowsMax: number;
}

/** Looks for damage in the whole store; each `yield` ends a step, which is one short read and holds no transaction open. */
export function* scanForDamage(
  database: Database,
  limits: DamageScanLimits,
  note: (damage: Damage) => void,
): Generator<void> {
  const { damageCheckRowsAtOnce: rowsAtOnce, damageCheckTableRowsMax: tableRowsMax } = limits;
  // First what is not SQLite's to know: which messages are missing.
  try {
    yield* scanLog({ database, rowsAtOnce, note });
  } catch (error) {
    note(tableDamage('unreadable', 'conversation', describeFailedStep(error)));
  }
  yield* scanTables({ database, rowsAtOnce, tableRowsMax, note });
}
