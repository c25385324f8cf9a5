import type { ConversationId, ListPosition, UserId } from '@everywire/chat';
import { compareListPositions } from '@everywire/chat/internal';
import type { Damage } from './damage/damage.js';
import { DamagedLists } from './damaged-lists.js';
import type { Database } from './database/database.js';
import { BY_STAMP, isListed, type Listed, positionAt, RANK_STEP } from './list-place.js';
import { createListTree } from './list-tree.js';
import { type Moved, PendingListMoves, type PendingListMovesLimits } from './pending-list-moves.js';
import { createNotedMoves } from './stored-list-moves.js';
import type { UndoLog } from './undo-log.js';

/** A conversation of a user's list and when it last changed. */
interface Stamped {
  readonly conversation: ConversationId;
  readonly stamp: number;
}

interface LargeRow extends Stamped {
  readonly activity: number;
  readonly rank: number;
  readonly dismissed: number;
}

/**
 * Both orders of a user's list: the table `list_order`, the waiting moves, and the large conversations that it omits.
 *
 * If the table is damaged, its content is derived from the members: reads do so immediately; a change throws
 * `AvoidableDamage` at the first write to a list, and succeeds when run again.
 */
export interface ListOrder {
  /** Moves a user's conversation from one place to another; `null` for none. */
  move(conversation: ConversationId, from: Listed | null, to: Listed | null): void;
  /**
   * Applies moves that waited when the store was closed or killed. Must be called inside a transaction. Until it
   * succeeds, on a full disk, reads merge those moves, and the first move retries it.
   */
  catchUp(): void;
  /**
   * Finds unreadable lists among those that wait, so that `catchUp` skips them. Must be called outside of transactions.
   */
  probe(): void;
  /** Returns those stamped at or above `stamp`, by (stamp, conversation); at most `limit`. */
  changedSince(user: UserId, stamp: number, limit: number): readonly Stamped[];
  /** Returns a page in list order, strictly after `after`; at most `limit`. */
  page(user: UserId, after: ListPosition | null, limit: number): readonly ListPosition[];
  /**
   * Returns every conversation that the user ever was in, unordered, with its activity; `null` if the list does not
   * show it.
   */
  everything(user: UserId): readonly { readonly conversation: ConversationId; readonly activity: number | null }[];
}

/** Options of `createListOrder`. */
export interface ListOrderOptions {
  readonly limits: PendingListMovesLimits;
  readonly undo: UndoLog;
  /** Returns the place according to the member's row. */
  readonly placeOf: (user: UserId, conversation: ConversationId) => Listed | null;
  readonly onDamage: (damage: Damage) => void;
}

/** Creates the list order over a database. */
export function createListOrder(database: Database, { limits, undo, placeOf, onDamage }: ListOrderOptions): ListOrder {
  const tree = createListTree(database);
  const damaged = new DamagedLists(onDamage);
  const moves = new PendingListMoves(database, {
    limits,
    undo,
    damaged,
    write: ({ conversation, from, to }) => damaged.write(to.user, () => tree.shift(conversation, from, to)),
  });
  const noted = createNotedMoves(database, placeOf);
  let isBehind = true;
  // After catching up, the writer has all moves in memory; another connection reads them in its own snapshot.
  const movesOf = (user: UserId): readonly Moving[] =>
    database.readonly || isBehind || damaged.isUnwritable(user) ? noted.of(user) : moves.of(user);
  const catchUp = (): void => {
    if (!isBehind) return;
    moves.leave(noted.catchUp(tree, damaged));
    isBehind = false;
    undo.push(() => {
      isBehind = true;
    });
  };
  const large = createLargeRows(database);
  /**
   * Returns the tree's settled rows, and the places of all others. `readTree` gets the number of rows that may be
   * elsewhere.
   */
  const look = <Row extends { readonly conversation: ConversationId }>(
    user: UserId,
    readTree: (elsewhere: number) => readonly Row[],
  ): { readonly settled: readonly Row[]; readonly moving: readonly Moving[] } => {
    const moving = movesOf(user);
    const rows = damaged.read(user, () => readTree(moving.length));
    return rows === null ? { settled: [], moving: noted.all(user) } : { settled: without(rows, moving), moving };
  };
  return {
    move: (conversation, from, to) => {
      catchUp();
      const user = from?.user ?? to?.user;
      if (user === undefined) return;
      if (damaged.isUnwritable(user)) moves.keep(conversation, user, from);
      else if (isListed(from) && isListed(to)) moves.add(conversation, from, to);
      else damaged.write(user, () => tree.shift(conversation, from && moves.take(conversation, from), to));
    },
    catchUp,
    probe: () => {
      for (const user of noted.users()) damaged.probe(user, () => [...tree.all(user)]);
    },
    everything: (user) => {
      const activities = new Map<ConversationId, number | null>();
      // The order by stamp has all rows; the later one by activity has those shown.
      const { settled, moving } = look(user, () => [...tree.all(user)]);
      for (const { by, value, conversation } of settled) {
        activities.set(conversation, by === BY_STAMP ? null : positionAt({ conversation, value }).activity);
      }
      for (const { conversation, to } of moving) {
        if (to === null) continue;
        activities.set(conversation, isListed(to) ? positionAt({ conversation, value: to.value }).activity : null);
      }
      for (const { conversation, activity } of large(user)) activities.set(conversation, activity);
      return [...activities].map(([conversation, activity]) => ({ conversation, activity }));
    },
    changedSince: (user, stamp, limit) => {
      const { settled, moving } = look(user, (elsewhere) => tree.changedSince(user, stamp, limit + elsewhere));
      const moved = moving.flatMap(({ conversation, to }) => (to === null ? [] : [{ conversation, stamp: to.stamp }]));
      const changed = [...settled, ...[...moved, ...large(user)].filter((row) => row.stamp >= stamp)];
      return changed.sort((a, b) => a.stamp - b.stamp || a.conversation - b.conversation).slice(0, limit);
    },
    page: (user, after, limit) => {
      const { settled, moving } = look(user, (elsewhere) => tree.page(user, after, limit + elsewhere));
      const moved = moving.flatMap(({ conversation, to }) => (isListed(to) ? [{ conversation, value: to.value }] : []));
      const beyond = large(user)
        .filter(({ dismissed }) => dismissed === 0)
        .map((row) => ({ conversation: row.conversation, value: -(row.activity + row.rank * RANK_STEP) }));
      const others = [...moved, ...beyond]
        .map(positionAt)
        .filter((position) => after === null || compareListPositions(after, position) < 0);
      return [...settled.map(positionAt), ...others].sort(compareListPositions).slice(0, limit);
    },
  };
}

type Moving = Pick<Moved, 'conversation'> & { readonly to: Listed | null };

function without<Row extends { readonly conversation: ConversationId }>(
  rows: readonly Row[],
  moving: readonly Moving[],
): readonly Row[] {
  if (moving.length === 0) return rows;
  const elsewhere = new Set(moving.map(({ conversation }) => conversation));
  return rows.filter(({ conversation }) => !elsewhere.has(conversation));
}

/** Returns open members of large conversations: found by an index, ordered by their own rows. */
function createLargeRows(database: Database): (user: UserId) => readonly LargeRow[] {
  const large = database.prepare<[number], LargeRow>(
    `SELECT m.conversation, max(m.stamp, c.stamp) AS stamp, c.activity, m.place AS rank,
       m.dismissed IS NOT NULL AND c.count <= m.dismissed AS dismissed
     FROM member m INDEXED BY member_large JOIN conversation c ON c.id = m.conversation
     WHERE m.user = ? AND m.large = 1 AND m.open_from IS NOT NULL`,
  );
  return (user) => large.all(user);
}
