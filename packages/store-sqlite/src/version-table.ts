import type { ConversationId, Version } from '@everywire/chat';
import { parseStoredObject, readStored } from './damage/stored-value.js';
import type { Database } from './database/database.js';

/** The table `version`: the earlier texts of edited messages. */
export interface VersionTable {
  /** Iterates the versions with a modification below `before`, newest first; at most `limit`. Reads them one by one. */
  page(
    conversation: ConversationId,
    sequence: number,
    before: number,
    limit: number,
  ): Iterable<Pick<Version, 'modification' | 'body' | 'at'>>;
  /** Returns whether a version below `before` exists. */
  isBelow(conversation: ConversationId, sequence: number, before: number): boolean;
  insert(version: Version): void;
  /** Removes all versions of a message. */
  remove(conversation: ConversationId, sequence: number): void;
}

/** Creates the table's statements. */
export function createVersionTable(database: Database): VersionTable {
  const page = database.prepare<[number, number, number, number], { modification: number; body: string; at: number }>(
    `SELECT modification, body, at FROM version
     WHERE conversation = ? AND sequence = ? AND modification < ? ORDER BY modification DESC LIMIT ?`,
  );
  const any = database.prepare<[number, number, number], unknown>(
    'SELECT 1 FROM version WHERE conversation = ? AND sequence = ? AND modification < ? LIMIT 1',
  );
  const insert = database.prepare<[number, number, number, string, number]>(
    'INSERT INTO version (conversation, sequence, modification, body, at) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[number, number]>('DELETE FROM version WHERE conversation = ? AND sequence = ?');
  return {
    *page(conversation, sequence, before, limit) {
      for (const { modification, body, at } of page.iterate(conversation, sequence, before, limit)) {
        const stored = readStored(
          () => `version ${modification} of message ${sequence} of conversation ${conversation}`,
          () => parseStoredObject(body) as Version['body'],
        );
        yield { modification, body: stored, at };
      }
    },
    isBelow: (conversation, sequence, before) => any.get(conversation, sequence, before) !== undefined,
    insert: ({ conversation, sequence, modification, body, at }) => {
      insert.run(conversation, sequence, modification, JSON.stringify(body), at);
    },
    remove: (conversation, sequence) => {
      remove.run(conversation, sequence);
    },
  };
}
