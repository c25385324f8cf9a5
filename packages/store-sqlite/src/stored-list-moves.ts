import type { ConversationId, UserId } from '@everywire/chat';
import type { DamagedLists } from './damaged-lists.js';
import type { Database } from './database/database.js';
import type { Listed } from './list-place.js';
import type { ListTree } from './list-tree.js';

/**
 * The table `list_moved` as another connection than the writer reads it: the old places of conversations whose move
 * waits to be written to the tree (`list-tree.ts`). The tree may already have some of these moves.
 */
export interface StoredListMoves {
  /**
   * Returns the conversations of a user whose place in the tree may be stale, with their current places. Reads the
   * whole table, which is small (`listMovesMax`).
   */
  of(user: UserId): readonly { readonly conversation: ConversationId; readonly to: Listed | null }[];
  /**
   * Returns the current places of all conversations of a user, without the tree. Slow: reads the members of all
   * conversations, because `member` has no index by user.
   */
  all(user: UserId): readonly { readonly conversation: ConversationId; readonly to: Listed | null }[];
  /** Returns the users with recorded moves. */
  users(): readonly UserId[];
  /** Applies all moves and removes them. Skips the moves of unwritable lists; returns their number. */
  catchUp(tree: ListTree, damaged: DamagedLists): number;
}

/** Creates the statements. `placeOf` returns the current place of a conversation. */
export function createStoredListMoves(
  database: Database,
  placeOf: (user: UserId, conversation: ConversationId) => Listed | null,
): StoredListMoves {
  const ofUser = database
    .prepare<[number], ConversationId>('SELECT conversation FROM list_moved WHERE user = ?')
    .pluck();
  const every = database.prepare<[], { id: number; user: number; conversation: number; stamp: number; value: number }>(
    'SELECT id, user, conversation, stamp, value FROM list_moved ORDER BY id',
  );
  const ofMember = database.prepare<[number], ConversationId>('SELECT conversation FROM member WHERE user = ?').pluck();
  const users = database.prepare<[], UserId>('SELECT DISTINCT user FROM list_moved').pluck();
  const clear = database.prepare<[]>('DELETE FROM list_moved');
  const drop = database.prepare<[number]>('DELETE FROM list_moved WHERE id = ?');
  const placed = (user: UserId, conversations: readonly ConversationId[]): ReturnType<StoredListMoves['of']> =>
    [...new Set(conversations)].map((conversation) => ({ conversation, to: placeOf(user, conversation) }));
  return {
    of: (user) => placed(user, ofUser.all(user)),
    all: (user) => placed(user, ofMember.all(user)),
    users: () => users.all(),
    catchUp: (tree, damaged) => {
      const rows = every.all();
      if (rows.length === 0) return 0;
      const settling = rows.filter(({ user }) => !damaged.isUnwritable(user));
      for (const { user, conversation, stamp, value } of settling) {
        damaged.write(user, () => tree.shift(conversation, { user, stamp, value }, null));
      }
      for (const [user, conversations] of byUser(settling)) {
        const places = placed(user, conversations);
        damaged.write(user, () => {
          for (const { conversation, to } of places) {
            // The tree may already have the new place, in one or both orders, so it is removed first.
            tree.shift(conversation, to, null);
            tree.shift(conversation, null, to);
          }
        });
      }
      if (settling.length === rows.length) clear.run();
      else for (const { id } of settling) drop.run(id);
      return rows.length - settling.length;
    },
  };
}

function byUser(
  rows: readonly { readonly user: UserId; readonly conversation: ConversationId }[],
): ReadonlyMap<UserId, readonly ConversationId[]> {
  const users = new Map<UserId, ConversationId[]>();
  for (const { user, conversation } of rows) {
    const known = users.get(user);
    if (known === undefined) users.set(user, [conversation]);
    else known.push(conversation);
  }
  return users;
}
