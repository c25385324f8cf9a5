import type { ConversationId, Version } from '@everywire/chat';
import type Database from 'better-sqlite3';

/** The table `version`: what messages said before they were edited. */
export interface VersionTable {
  /** Below `before`, the newest first; at most `limit`. */
  page(
    conversation: ConversationId,
    sequence: number,
    before: number,
    limit: number,
  ): readonly Pick<Version, 'modification' | 'body' | 'at'>[];
  insert(version: Version): void;
  /** All of one message. */
  remove(conversation: ConversationId, sequence: number): void;
}

export function createVersionTable(database: Database.Database): VersionTable {
  const page = database.prepare<[number, number, number, number], { modification: number; body: string; at: number }>(
    `SELECT modification, body, at FROM version
     WHERE conversation = ? AND sequence = ? AND modification < ? ORDER BY modification DESC LIMIT ?`,
  );
  const insert = database.prepare<[number, number, number, string, number]>(
    'INSERT INTO version (conversation, sequence, modification, body, at) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[number, number]>('DELETE FROM version WHERE conversation = ? AND sequence = ?');
  return {
    page: (conversation, sequence, before, limit) =>
      page.all(conversation, sequence, before, limit).map(({ modification, body, at }) => ({
        modification,
        body: JSON.parse(body) as Version['body'],
        at,
      })),
    insert: ({ conversation, sequence, modification, body, at }) => {
      insert.run(conversation, sequence, modification, JSON.stringify(body), at);
    },
    remove: (conversation, sequence) => {
      remove.run(conversation, sequence);
    },
  };
}
