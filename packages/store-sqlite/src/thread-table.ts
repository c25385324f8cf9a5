import type { ConversationId, Follow, UserId } from '@everywire/chat';
import type { VisibleRange } from '@everywire/chat/internal';
import type { Database } from './database/database.js';

/**
 * Reads threads from the log and the table `follow`. A thread is identified by its conversation and the sequence of its
 * root.
 */
export interface ThreadTable {
  /** Returns sequences of the newest `limit` replies within the span, ascending. */
  newest(conversation: ConversationId, root: number, span: VisibleRange, limit: number): readonly number[];
  /** Returns sequences of the oldest `limit` replies within the span, ascending. */
  oldest(conversation: ConversationId, root: number, span: VisibleRange, limit: number): readonly number[];
  /** Returns the number of replies at or below `sequence`: the ordinal of the last of these replies. */
  ordinalAt(conversation: ConversationId, root: number, sequence: number): number;
  /** Returns the number of replies of `user` at or below `sequence`. */
  sentAt(conversation: ConversationId, root: number, user: UserId, sequence: number): number;
  follow(conversation: ConversationId, user: UserId, root: number): Follow | null;
  /** Returns the threads that the user follows in a conversation, with their number of replies, newest root first. */
  follows(conversation: ConversationId, user: UserId): readonly { readonly follow: Follow; readonly count: number }[];
  writeFollow(follow: Follow): void;
  dropFollows(conversation: ConversationId, user: UserId): void;
}

/** Creates the statements. A member follows at most `followsMax` threads of a conversation; the oldest are dropped. */
export function createThreadTable(database: Database, followsMax: number): ThreadTable {
  const within = 'FROM message INDEXED BY message_thread WHERE conversation = ? AND root = ? AND sequence';
  type Within = [conversation: number, root: number, low: number, high: number, limit: number];
  const newest = database
    .prepare<Within, number>(`SELECT sequence ${within} BETWEEN ? AND ? ORDER BY sequence DESC LIMIT ?`)
    .pluck();
  const oldest = database
    .prepare<Within, number>(`SELECT sequence ${within} BETWEEN ? AND ? ORDER BY sequence LIMIT ?`)
    .pluck();
  const ordinal = database
    .prepare<[number, number, number], number>(`SELECT thread_ordinal ${within} <= ? ORDER BY sequence DESC LIMIT 1`)
    .pluck();
  const sent = database
    .prepare<[number, number, number, number], number>(
      `SELECT thread_sent FROM message INDEXED BY message_thread_sender
       WHERE conversation = ? AND root = ? AND sender = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1`,
    )
    .pluck();
  return {
    newest: (conversation, root, [low, high], limit) => newest.all(conversation, root, low, high, limit).reverse(),
    oldest: (conversation, root, [low, high], limit) => oldest.all(conversation, root, low, high, limit),
    ordinalAt: (conversation, root, sequence) => ordinal.get(conversation, root, sequence) ?? 0,
    sentAt: (conversation, root, user, sequence) => sent.get(conversation, root, user, sequence) ?? 0,
    ...createFollows(database, followsMax),
  };
}

type Follows = Pick<ThreadTable, 'follow' | 'follows' | 'writeFollow' | 'dropFollows'>;

function createFollows(database: Database, followsMax: number): Follows {
  const columns = `f.conversation, f.user, f.root, f.sent, f.read, f.read_ordinal AS readOrdinal, f.read_sent AS readSent`;
  const one = database.prepare<[number, number, number], Follow>(
    `SELECT ${columns} FROM follow f WHERE conversation = ? AND user = ? AND root = ?`,
  );
  const all = database.prepare<[number, number], Follow & { count: number | null }>(
    `SELECT ${columns}, m.replies AS count FROM follow f
     JOIN message m ON m.conversation = f.conversation AND m.sequence = f.root
     WHERE f.conversation = ? AND f.user = ? ORDER BY f.root DESC`,
  );
  const write = database.prepare<[number, number, number, number, number, number, number]>(
    'INSERT OR REPLACE INTO follow (conversation, user, root, sent, read, read_ordinal, read_sent) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const trim = database.prepare<[number, number, number, number, number]>(
    `DELETE FROM follow WHERE conversation = ? AND user = ? AND root <=
     (SELECT root FROM follow WHERE conversation = ? AND user = ? ORDER BY root DESC LIMIT 1 OFFSET ?)`,
  );
  const drop = database.prepare<[number, number]>('DELETE FROM follow WHERE conversation = ? AND user = ?');
  return {
    follow: (conversation, user, root) => one.get(conversation, user, root) ?? null,
    follows: (conversation, user) =>
      all.all(conversation, user).map(({ count, ...follow }) => ({ follow, count: count ?? 0 })),
    writeFollow: (f) => {
      const known = one.get(f.conversation, f.user, f.root) !== undefined;
      write.run(f.conversation, f.user, f.root, f.sent, f.read, f.readOrdinal, f.readSent);
      if (!known) trim.run(f.conversation, f.user, f.conversation, f.user, followsMax);
    },
    dropFollows: (conversation, user) => {
      drop.run(conversation, user);
    },
  };
}
