import type { ConversationId, ListPosition, UserId } from '@everywire/chat';
import { compareListPositions } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';
import type { Place } from './member-table.js';

const BY_STAMP = 0;
const BY_ACTIVITY = 1;

/** A conversation of a user's list and when it last changed. */
interface Stamped {
  readonly conversation: ConversationId;
  readonly stamp: number;
}

/** The table `list_order`, and the large conversations that are not in it: both orders of one user's list. */
export interface ListOrder {
  /** Moves one user's conversation from its place to another; `null` is none. */
  move(conversation: ConversationId, from: Place | null, to: Place | null): void;
  /** Stamped at or above `stamp`, by (stamp, conversation); at most `limit`. */
  changedSince(user: UserId, stamp: number, limit: number): readonly Stamped[];
  /** In list order, strictly after `after`; at most `limit`. */
  page(user: UserId, after: ListPosition | null, limit: number): readonly ListPosition[];
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
  const first = database.prepare<[number, number], ListPosition>(
    `SELECT conversation, -value AS activity FROM list_order WHERE user = ? AND by = ${BY_ACTIVITY}
     ORDER BY value, conversation LIMIT ?`,
  );
  const next = database.prepare<[number, number, number, number], ListPosition>(
    `SELECT conversation, -value AS activity FROM list_order
     WHERE user = ? AND by = ${BY_ACTIVITY} AND (value, conversation) > (?, ?) ORDER BY value, conversation LIMIT ?`,
  );
  const large = database.prepare<[number], Stamped & ListPosition>(
    `SELECT m.conversation, max(m.stamp, c.stamp) AS stamp, c.activity
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
      const before = from !== null && isListed(from) ? from : null;
      const after = to !== null && isListed(to) ? to : null;
      shift(user, BY_STAMP, conversation, before?.stamp ?? null, after?.stamp ?? null);
      shift(user, BY_ACTIVITY, conversation, before && -before.activity, after && -after.activity);
    },
    changedSince: (user, stamp, limit) => {
      const changed = [...stamped.all(user, stamp, limit), ...large.all(user).filter((row) => row.stamp >= stamp)];
      return changed.sort((a, b) => a.stamp - b.stamp || a.conversation - b.conversation).slice(0, limit);
    },
    page: (user, after, limit) => {
      const small =
        after === null ? first.all(user, limit) : next.all(user, -after.activity, after.conversation, limit);
      const beyond = large.all(user).filter((row) => after === null || compareListPositions(after, row) < 0);
      return [...small, ...beyond].sort(compareListPositions).slice(0, limit);
    },
  };
}

/** An open member of a large conversation is not in the tree: a message there must not touch absent members (CH-13). */
function isListed(place: Place): boolean {
  return !place.large || place.openFrom === null;
}
