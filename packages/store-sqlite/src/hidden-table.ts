import type { ConversationId, Hidden, Member, UserId } from '@everywire/chat';
import type { Database } from './database/database.js';
import type { ReadPlace } from './mention-table.js';

/**
 * The table `hidden`: messages that members hid from their own view. Its column `counts` is 1 for another user's text,
 * which would count as unread if it were not hidden.
 */
export interface HiddenTable {
  /** Returns whether the member hid a message. Reads nothing for a member who never hid any. */
  isHidden(member: Member, sequence: number): boolean;
  /** Counts the messages of others above the cursor `read` that the member hid or that were recalled (CH-19). */
  count(member: Member, place: ReadPlace): number;
  /** Returns the hidden messages with `at` (the member's `hiddenAt`) above `since`, in order; at most `limit`. */
  since(
    conversation: ConversationId,
    user: UserId,
    since: number,
    limit: number,
  ): readonly { readonly sequence: number; readonly at: number }[];
  /** Adds a hidden message. A no-op if the message is hidden already. */
  insert(hidden: Hidden): void;
}

/** Creates the table's statements. */
export function createHiddenTable(database: Database): HiddenTable {
  const one = database
    .prepare<[number, number, number], number>(
      'SELECT 1 FROM hidden WHERE conversation = ? AND user = ? AND sequence = ?',
    )
    .pluck();
  const count = database
    .prepare<[number, number, number, number], number>(
      'SELECT count(*) FROM hidden WHERE conversation = ? AND user = ? AND sequence > ? AND root = ? AND counts = 1',
    )
    .pluck();
  const recalled = database
    .prepare<[number, number, number, number | null, number], number>(
      `SELECT count(*) FROM message INDEXED BY message_recalled
       WHERE conversation = ? AND sequence > ? AND sender <> ? AND root IS ? AND kind = 2
         AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.conversation = message.conversation AND h.user = ? AND h.sequence = message.sequence)`,
    )
    .pluck();
  const since = database.prepare<[number, number, number, number], { sequence: number; at: number }>(
    `SELECT sequence, at FROM hidden INDEXED BY hidden_at
     WHERE conversation = ? AND user = ? AND at > ? ORDER BY at, sequence LIMIT ?`,
  );
  const insert = database.prepare<[number, number, number, number, number, number]>(
    'INSERT OR IGNORE INTO hidden (conversation, user, sequence, at, root, counts) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    isHidden: ({ conversation, user, hiddenAt }, sequence) =>
      hiddenAt > 0 && one.get(conversation, user, sequence) !== undefined,
    count: ({ conversation, user, hiddenAt }, { root, read }) => {
      const hidden = hiddenAt === 0 ? 0 : (count.get(conversation, user, read, root) ?? 0);
      return hidden + (recalled.get(conversation, read, user, root === 0 ? null : root, user) ?? 0);
    },
    since: (conversation, user, from, limit) => since.all(conversation, user, from, limit),
    insert: ({ conversation, user, sequence, at, root, counts }) => {
      insert.run(conversation, user, sequence, at, root, Number(counts));
    },
  };
}
