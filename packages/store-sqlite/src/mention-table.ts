import type { ConversationId, Message, UserId } from '@everywire/chat';
import type { Database } from './database/database.js';

/** A read cursor: in a thread, or outside of threads if `root` is 0. */
export interface ReadPlace {
  readonly root: number;
  readonly read: number;
}

/** The table `mention`: which messages mention which users. It is derived from the messages. */
export interface MentionTable {
  /**
   * Returns the sequences of the messages of other users above the cursor `read` that mention the user or everyone,
   * ascending; at most `limit` (CH-20).
   */
  above(conversation: ConversationId, user: UserId, place: ReadPlace, limit: number): readonly number[];
  /** Writes the mentions of a message. `known`: the message existed before, so its old mentions are removed first. */
  write(message: Message, known: boolean): void;
}

/** The user of a mention of everyone. */
const EVERYONE = 0;

/** Creates the table's statements. */
export function createMentionTable(database: Database): MentionTable {
  const above = database
    .prepare<[number, number, number, number, number, number], number>(
      `SELECT sequence FROM mention
       WHERE conversation = ? AND user = ? AND root = ? AND sequence > ? AND sender <> ? ORDER BY sequence LIMIT ?`,
    )
    .pluck();
  const insert = database.prepare<[number, number, number, number, number]>(
    'INSERT INTO mention (conversation, user, root, sequence, sender) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[number, number]>(
    'DELETE FROM mention INDEXED BY mention_message WHERE conversation = ? AND sequence = ?',
  );
  return {
    above: (conversation, user, { root, read }, limit) => {
      const own = above.all(conversation, user, root, read, user, limit);
      const all = above.all(conversation, EVERYONE, root, read, user, limit);
      if (all.length === 0) return own;
      return [...new Set([...own, ...all])].sort((a, b) => a - b).slice(0, limit);
    },
    write: ({ conversation, sequence, sender, mentions, thread }, known) => {
      if (known) remove.run(conversation, sequence);
      const users = [...(mentions?.users ?? []), ...(mentions?.all ? [EVERYONE] : [])];
      for (const user of users) insert.run(conversation, user, thread?.root ?? 0, sequence, sender);
    },
  };
}
