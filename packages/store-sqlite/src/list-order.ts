import type { ConversationId, ListPosition, MemberPlace, UserId } from '@everywire/chat';
import { compareListPositions, placeRank } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';

const BY_STAMP = 0;
const BY_ACTIVITY = 1;

/** Above any activity in milliseconds; their sum is exact. */
const RANK_STEP = 2 ** 50;

/** What the list is ordered by, rising: what is pinned, then the newest. */
export function orderValue(place: MemberPlace, activity: number): number {
  return -(activity + placeRank[place] * RANK_STEP);
}

function positionAt({ conversation, value }: { conversation: number; value: number }): ListPosition {
  const rank = Math.round(-value / RANK_STEP);
  const place = rank > 0 ? 'pinned' : rank < 0 ? 'archived' : 'normal';
  return { place, activity: -value - rank * RANK_STEP, conversation };
}

/** One row's places in both orders. */
export interface Listed {
  readonly user: UserId;
  readonly stamp: number;
  /** `orderValue`; `null` for what is not shown. */
  readonly value: number | null;
}

/** A conversation of a user's list and when it last changed. */
interface Stamped {
  readonly conversation: ConversationId;
  readonly stamp: number;
}

interface Ordered {
  readonly conversation: ConversationId;
  readonly value: number;
}

interface LargeRow extends Stamped {
  readonly activity: number;
  readonly rank: number;
  readonly dismissed: number;
}

/** The table `list_order`, and the large conversations that are not in it: both orders of one user's list. */
export interface ListOrder {
  /** Moves one user's conversation from its place to another; `null` is none. */
  move(conversation: ConversationId, from: Listed | null, to: Listed | null): void;
  /** Stamped at or above `stamp`, by (stamp, conversation); at most `limit`. */
  changedSince(user: UserId, stamp: number, limit: number): readonly Stamped[];
  /** In list order, strictly after `after`; at most `limit`. */
  page(user: UserId, after: ListPosition | null, limit: number): readonly ListPosition[];
  /** Every conversation the user ever was in, in no order, with its activity; `null` where the list does not show it, so does not know. */
  everything(user: UserId): readonly { readonly conversation: ConversationId; readonly activity: number | null }[];
}

export function createListOrder(database: Database.Database): ListOrder {
  const insert = database.prepare<[number, number, number, number]>('INSERT INTO list_order VALUES (?, ?, ?, ?)');
  const remove = database.prepare<[number, number, number, number]>(
    'DELETE FROM list_order WHERE user = ? AND by = ? AND value = ? AND conversation = ?',
  );
  const stamped = database.prepare<[number, number, number], Stamped>(
    `SELECT conversation, value AS stamp FROM list_order WHERE user = ? AND by = ${BY_STAMP} AND value >= ?
     ORDER BY value, conversation LIMIT ?`,
  );
  const first = database.prepare<[number, number], Ordered>(
    `SELECT conversation, value FROM list_order WHERE user = ? AND by = ${BY_ACTIVITY}
     ORDER BY value, conversation LIMIT ?`,
  );
  const next = database.prepare<[number, number, number, number], Ordered>(
    `SELECT conversation, value FROM list_order
     WHERE user = ? AND by = ${BY_ACTIVITY} AND (value, conversation) > (?, ?) ORDER BY value, conversation LIMIT ?`,
  );
  const all = database.prepare<[number], { by: number; value: number; conversation: number }>(
    'SELECT by, value, conversation FROM list_order WHERE user = ?',
  );
  const large = database.prepare<[number], LargeRow>(
    `SELECT m.conversation, max(m.stamp, c.stamp) AS stamp, c.activity, m.place AS rank,
       m.dismissed IS NOT NULL AND c.count <= m.dismissed AS dismissed
     FROM member m INDEXED BY member_large JOIN conversation c ON c.id = m.conversation
     WHERE m.user = ? AND m.large = 1 AND m.open_from IS NOT NULL`,
  );
  const shift = (
    user: UserId,
    by: number,
    conversation: ConversationId,
    from: number | null,
    to: number | null,
  ): void => {
    if (from === to) return;
    if (from !== null) remove.run(user, by, from, conversation);
    if (to !== null) insert.run(user, by, to, conversation);
  };
  return {
    move: (conversation, from, to) => {
      const user = from?.user ?? to?.user;
      if (user === undefined) return;
      shift(user, BY_STAMP, conversation, from?.stamp ?? null, to?.stamp ?? null);
      shift(user, BY_ACTIVITY, conversation, from?.value ?? null, to?.value ?? null);
    },
    everything: (user) => {
      const activities = new Map<ConversationId, number | null>();
      // By stamp all are there, by activity, which comes later, those that are shown.
      for (const { by, value, conversation } of all.iterate(user)) {
        activities.set(conversation, by === BY_STAMP ? null : positionAt({ conversation, value }).activity);
      }
      for (const { conversation, activity } of large.all(user)) activities.set(conversation, activity);
      return [...activities].map(([conversation, activity]) => ({ conversation, activity }));
    },
    changedSince: (user, stamp, limit) => {
      const changed = [...stamped.all(user, stamp, limit), ...large.all(user).filter((row) => row.stamp >= stamp)];
      return changed.sort((a, b) => a.stamp - b.stamp || a.conversation - b.conversation).slice(0, limit);
    },
    page: (user, after, limit) => {
      const small =
        after === null
          ? first.all(user, limit)
          : next.all(user, orderValue(after.place, after.activity), after.conversation, limit);
      const beyond = large
        .all(user)
        .filter(({ dismissed }) => dismissed === 0)
        .map((row) => positionAt({ conversation: row.conversation, value: -(row.activity + row.rank * RANK_STEP) }))
        .filter((row) => after === null || compareListPositions(after, row) < 0);
      return [...small.map(positionAt), ...beyond].sort(compareListPositions).slice(0, limit);
    },
  };
}
