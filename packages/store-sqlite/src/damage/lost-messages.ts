import type { Database } from '../database/database.js';
import { inTransaction } from '../database/transaction.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from '../limits.js';
import { type Damage, logDamage } from './damage.js';
import { scanLog } from './scan-log.js';

interface LostRow {
  readonly conversation: number;
  readonly low: number;
  readonly high: number;
}

/** Returns the runs of messages that are permanently lost (table `lost`), as known damage. */
export function readLostMessages(database: Database): readonly Damage[] {
  const rows = database.prepare<[], LostRow>('SELECT conversation, low, high FROM lost').all();
  return rows.map(({ conversation, low, high }) => logDamage('missing', conversation, [low, high]));
}

/**
 * Gives up the damaged part of the log, in a copy that no other connection has open: removes altered messages, and
 * records all runs of damaged messages in the table `lost`.
 */
export function giveUpDamagedMessages(database: Database): void {
  const found: Damage[] = [];
  const { damageCheckRowsAtOnce: rowsAtOnce } = DEFAULT_SQLITE_STORE_LIMITS;
  for (const _step of scanLog({ database, rowsAtOnce, note: (damage) => found.push(damage) }));
  const remove = database.prepare('DELETE FROM message WHERE conversation = ? AND sequence BETWEEN ? AND ?');
  const insert = database.prepare('INSERT OR REPLACE INTO lost VALUES (?, ?, ?)');
  inTransaction(database, () => {
    for (const { conversation, from, to } of found) {
      if (conversation === null) continue;
      remove.run(conversation, from, to);
      insert.run(conversation, from, to);
    }
  });
}
