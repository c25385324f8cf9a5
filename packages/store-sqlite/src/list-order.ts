import type { ConversationId, ListPosition, UserId } from '@everywire/chat';
import { compareListPositions } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';
import { ListMoves, type ListMovesLimits, type Moved } from './list-moves.js';
import { BY_STAMP, isShown, type Listed, positionAt, RANK_STEP } from './list-place.js';
import { createListTree } from './list-tree.js';
import { createNotedMoves } from './noted-moves.js';
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

/** The table `list_order`, the moves that wait for it, and the large conversations that are not in it: both orders of one user's list. */
export interface ListOrder {
  /** Moves one user's conversation from its place to another; `null` is none. */
  move(conversation: ConversationId, from: Listed | null, to: Listed | null): void;
  /** Writes the moves that waited when the store was last closed, or killed. Inside a transaction, before any other move. */
  catchUp(): void;
  /** Stamped at or above `stamp`, by (stamp, conversation); at most `limit`. */
  changedSince(user: UserId, stamp: number, limit: number): readonly Stamped[];
  /** In list order, strictly after `after`; at most `limit`. */
  page(user: UserId, after: ListPosition | null, limit: number): readonly ListPosition[];
  /** Every conversation the user ever was in, in no order, with its activity; `null` where the list does not show it, so does not know. */
  everything(user: UserId): readonly { readonly conversation: ConversationId; readonly activity: number | null }[];
}

export interface ListOrderOptions {
  readonly limits: ListMovesLimits;
  readonly undo: UndoLog;
  /** Where the row of a member says that it is. */
  readonly placeOf: (user: UserId, conversation: ConversationId) => Listed | null;
}

export function createListOrder(database: Database.Database, { limits, undo, placeOf }: ListOrderOptions): ListOrder {
  const tree = createListTree(database);
  const moves = new ListMoves(database, {
    limits,
    undo,
    write: ({ conversation, from, to }) => tree.shift(conversation, from, to),
  });
  const noted = createNotedMoves(database, placeOf);
  // The writer knows its moves; another connection reads in its own snapshot what is noted of them.
  const movesOf = (user: UserId): readonly Moving[] => (database.readonly ? noted.of(user) : moves.of(user));
  const large = createLargeRows(database);
  return {
    move: (conversation, from, to) => {
      if (isShown(from) && isShown(to)) moves.add(conversation, from, to);
      else tree.shift(conversation, from && moves.take(conversation, from), to);
    },
    catchUp: () => noted.catchUp(tree),
    everything: (user) => {
      const activities = new Map<ConversationId, number | null>();
      // By stamp all are there, by activity, which comes later, those that are shown.
      for (const { by, value, conversation } of tree.all(user)) {
        activities.set(conversation, by === BY_STAMP ? null : positionAt({ conversation, value }).activity);
      }
      for (const { conversation, to } of movesOf(user)) {
        if (to === null) continue;
        activities.set(conversation, isShown(to) ? positionAt({ conversation, value: to.value }).activity : null);
      }
      for (const { conversation, activity } of large(user)) activities.set(conversation, activity);
      return [...activities].map(([conversation, activity]) => ({ conversation, activity }));
    },
    changedSince: (user, stamp, limit) => {
      const moving = movesOf(user);
      const settled = without(tree.changedSince(user, stamp, limit + moving.length), moving);
      const moved = moving.flatMap(({ conversation, to }) => (to === null ? [] : [{ conversation, stamp: to.stamp }]));
      const changed = [...settled, ...[...moved, ...large(user)].filter((row) => row.stamp >= stamp)];
      return changed.sort((a, b) => a.stamp - b.stamp || a.conversation - b.conversation).slice(0, limit);
    },
    page: (user, after, limit) => {
      const moving = movesOf(user);
      const settled = without(tree.page(user, after, limit + moving.length), moving);
      const moved = moving.flatMap(({ conversation, to }) => (isShown(to) ? [{ conversation, value: to.value }] : []));
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

/** Open members of large conversations: found by an index, ordered by their own rows. */
function createLargeRows(database: Database.Database): (user: UserId) => readonly LargeRow[] {
  const large = database.prepare<[number], LargeRow>(
    `SELECT m.conversation, max(m.stamp, c.stamp) AS stamp, c.activity, m.place AS rank,
       m.dismissed IS NOT NULL AND c.count <= m.dismissed AS dismissed
     FROM member m INDEXED BY member_large JOIN conversation c ON c.id = m.conversation
     WHERE m.user = ? AND m.large = 1 AND m.open_from IS NOT NULL`,
  );
  return (user) => large.all(user);
}
