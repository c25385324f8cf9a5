import type { ConversationId, UserId } from '@everywire/chat';
import type Database from 'better-sqlite3';
import type { Listed } from './list-place.js';
import type { ListTree } from './list-tree.js';

/** The table `list_moved` as whoever did not write it reads it: what it names may have been moved in the tree since. */
export interface NotedMoves {
  /** Conversations of a user that the tree may have elsewhere, and where they are. Reads the whole table, which is bounded. */
  of(user: UserId): readonly { readonly conversation: ConversationId; readonly to: Listed | null }[];
  /** Puts all of them where they are, and leaves none. */
  catchUp(tree: ListTree): void;
}

export function createNotedMoves(
  database: Database.Database,
  placeOf: (user: UserId, conversation: ConversationId) => Listed | null,
): NotedMoves {
  const ofUser = database
    .prepare<[number], ConversationId>('SELECT conversation FROM list_moved WHERE user = ?')
    .pluck();
  const every = database.prepare<[], { user: number; conversation: number; stamp: number; value: number }>(
    'SELECT user, conversation, stamp, value FROM list_moved ORDER BY id',
  );
  const clear = database.prepare<[]>('DELETE FROM list_moved');
  return {
    of: (user) =>
      [...new Set(ofUser.all(user))].map((conversation) => ({ conversation, to: placeOf(user, conversation) })),
    catchUp: (tree) => {
      const rows = every.all();
      if (rows.length === 0) return;
      const people = new Map<UserId, Set<ConversationId>>();
      for (const { user, conversation, ...from } of rows) {
        tree.shift(conversation, { user, ...from }, null);
        people.set(user, (people.get(user) ?? new Set()).add(conversation));
      }
      for (const [user, conversations] of people) {
        for (const conversation of conversations) {
          const place = placeOf(user, conversation);
          // It may be there already, in one order or in both.
          tree.shift(conversation, place, null);
          tree.shift(conversation, null, place);
        }
      }
      clear.run();
    },
  };
}
