import type { ConversationId, ListPosition, UserId } from '@everywire/chat';
import { compareListPositions } from '@everywire/chat/internal';
import type { Damage } from './damage/damage.js';
import { DamagedLists } from './damaged-lists.js';
import type { Database } from './database/database.js';
import { BY_STAMP, isListed, type Listed, positionAt, RANK_STEP } from './list-place.js';
import { createListTree } from './list-tree.js';
import { type Moved, PendingListMoves, type PendingListMovesLimits } from './pending-list-moves.js';
import { createStoredListMoves } from './stored-list-moves.js';
import type { UndoLog } from './undo-log.js';

/** A conversation of a user's list, with the stamp of its last change (a count of the changes of the store, CH-14). */
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
 * Both orders of a user's list (`list-place.ts`). They are composed of three sources: the table `list_order` (the
 * tree), the moves that are not written to the tree yet (`pending-list-moves.ts`), and the large conversations, which
 * the tree omits.
 *
 * If a user's part of the tree is damaged, the list is derived from the rows of `member`. A read does so immediately. A
 * change throws `AvoidableDamage` at its first write to the damaged list, and succeeds when it is run again.
 */
export interface ListOrder {
  /** Moves a user's conversation from one place to another; `null` for no place. */
  move(conversation: ConversationId, from: Listed | null, to: Listed | null): void;
  /**
   * Applies the moves that waited when the store was closed or killed. The caller must run a transaction. This fails on
   * a full disk. Until it succeeds, reads merge the waiting moves, and the next `move` tries again.
   */
  catchUp(): void;
  /**
   * Finds lists that have waiting moves and are unreadable, so that `catchUp` skips them. The caller must not run a
   * transaction.
   */
  probe(): void;
  /** Returns the conversations stamped at or above `stamp`, ordered by stamp and id; at most `limit`. */
  changedSince(user: UserId, stamp: number, limit: number): readonly Stamped[];
  /** Returns the positions after `after`, in the order that the user sees; at most `limit`. */
  page(user: UserId, after: ListPosition | null, limit: number): readonly ListPosition[];
  /**
   * Returns every conversation that the user is or was a member of, unordered. `activity` is `null` for a conversation
   * that the list does not show.
   */
  everything(user: UserId): readonly { readonly conversation: ConversationId; readonly activity: number | null }[];
}

/** Options of `createListOrder`. */
export interface ListOrderOptions {
  readonly limits: PendingListMovesLimits;
  readonly undo: UndoLog;
  /** Returns the place of a conversation according to the member's row; `null` if it has no place. */
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
  const stored = createStoredListMoves(database, placeOf);
  let isBehind = true;
  // After `catchUp`, the writer has all waiting moves in memory. A read-only connection must read them from
  // `list_moved`.
  const movesOf = (user: UserId): readonly Moving[] =>
    database.readonly || isBehind || damaged.isUnwritable(user) ? stored.of(user) : moves.of(user);
  const catchUp = (): void => {
    if (!isBehind) return;
    moves.leave(stored.catchUp(tree, damaged));
    isBehind = false;
    undo.push(() => {
      isBehind = true;
    });
  };
  const large = createLargeRows(database);
  /**
   * Returns the rows of the tree that are valid (`settled`), and the current places of the conversations that have
   * moved. `readTree` gets the number of moved conversations, so that it can read that many rows more.
   */
  const look = <Row extends { readonly conversation: ConversationId }>(
    user: UserId,
    readTree: (elsewhere: number) => readonly Row[],
  ): { readonly settled: readonly Row[]; readonly moving: readonly Moving[] } => {
    const moving = movesOf(user);
    const rows = damaged.read(user, () => readTree(moving.length));
    return rows === null ? { settled: [], moving: stored.all(user) } : { settled: without(rows, moving), moving };
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
      for (const user of stored.users()) damaged.probe(user, () => [...tree.all(user)]);
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
