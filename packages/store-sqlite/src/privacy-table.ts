import type { Changes, Privacy, UserId } from '@everywire/chat';
import type { Database } from './database/database.js';

/** The tables `person` and `block`: privacy choices. A user with only defaults has no row. */
export interface PrivacyTable {
  of(user: UserId): Privacy;
  receipts(user: UserId): boolean;
  blocks(user: UserId, other: UserId): boolean;
  /** Returns which of two users block the other; read at each send between two. */
  blocksBetween(one: UserId, other: UserId): readonly UserId[];
  countBlocked(user: UserId): number;
  write(privacy: NonNullable<Changes['privacy']>): void;
}

/** Creates the tables' statements. */
export function createPrivacyTable(database: Database): PrivacyTable {
  const receipts = database.prepare<[number], number>('SELECT receipts FROM person WHERE user = ?').pluck();
  const blocks = database
    .prepare<[number, number], number>('SELECT 1 FROM block WHERE user = ? AND blocked = ?')
    .pluck();
  const between = database
    .prepare<[number, number, number, number], number>(
      `SELECT user FROM block WHERE user = ? AND blocked = ?
       UNION ALL SELECT user FROM block WHERE user = ? AND blocked = ?`,
    )
    .pluck();
  const blocked = database
    .prepare<[number], number>('SELECT blocked FROM block WHERE user = ? ORDER BY blocked')
    .pluck();
  const count = database.prepare<[number], number>('SELECT count(*) FROM block WHERE user = ?').pluck();
  const setReceipts = database.prepare<[number, number]>(
    'INSERT OR REPLACE INTO person (user, receipts) VALUES (?, ?)',
  );
  const block = database.prepare<[number, number, number]>('INSERT OR REPLACE INTO block VALUES (?, ?, ?)');
  const unblock = database.prepare<[number, number]>('DELETE FROM block WHERE user = ? AND blocked = ?');
  const areShown = (user: UserId): boolean => receipts.get(user) !== 0;
  return {
    of: (user) => ({ receipts: areShown(user), blocked: blocked.all(user) }),
    receipts: areShown,
    blocks: (user, other) => blocks.get(user, other) !== undefined,
    blocksBetween: (one, other) => between.all(one, other, other, one),
    countBlocked: (user) => count.get(user) ?? 0,
    write: (privacy) => {
      if (privacy.receipts !== undefined) setReceipts.run(privacy.user, Number(privacy.receipts));
      const changed = privacy.block;
      if (changed === undefined) return;
      if (changed.at === null) unblock.run(privacy.user, changed.user);
      else block.run(privacy.user, changed.user, changed.at);
    },
  };
}
