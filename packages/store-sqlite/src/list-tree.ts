import type { ConversationId, ListPosition, UserId } from '@everywire/chat';
import type { Database } from './database/database.js';
import { BY_ACTIVITY, BY_STAMP, type Listed, orderValue } from './list-place.js';

interface Stamped {
  readonly conversation: ConversationId;
  readonly stamp: number;
}

/** A conversation with its sort value (`orderValue`). */
interface Ordered {
  readonly conversation: ConversationId;
  readonly value: number;
}

/**
 * The table `list_order`: one tree with both orders of every user's list (`list-place.ts`). It may have old places of
 * conversations whose moves still wait (`pending-list-moves.ts`).
 */
export interface ListTree {
  /**
   * Moves a conversation from one place to another; `null` for no place. It is no error if the tree does not have the
   * old place, but it must not have the new one.
   */
  shift(conversation: ConversationId, from: Listed | null, to: Listed | null): void;
  changedSince(user: UserId, stamp: number, limit: number): readonly Stamped[];
  page(user: UserId, after: ListPosition | null, limit: number): readonly Ordered[];
  /** Returns all rows of a user: first the order by stamp, then the order by activity. */
  all(user: UserId): Iterable<Ordered & { readonly by: number }>;
}

/** Creates the table's statements. */
export function createListTree(database: Database): ListTree {
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
    shift: (conversation, from, to) => {
      const user = from?.user ?? to?.user;
      if (user === undefined) return;
      shift(user, BY_STAMP, conversation, from?.stamp ?? null, to?.stamp ?? null);
      shift(user, BY_ACTIVITY, conversation, from?.value ?? null, to?.value ?? null);
    },
    changedSince: (user, stamp, limit) => stamped.all(user, stamp, limit),
    page: (user, after, limit) =>
      after === null
        ? first.all(user, limit)
        : next.all(user, orderValue(after.place, after.activity), after.conversation, limit),
    all: (user) => all.iterate(user),
  };
}
