import type { ConversationId } from '@everywire/chat';
import { DELETED, ERASED } from './conversation-table.js';
import type { Database } from './database/database.js';
import type { FileTable } from './file-table.js';

/**
 * The result of an erasure step: whether more rows are left, or `not_due` if the conversation is not deleted or its
 * erasure is already settled.
 */
type Erasure = 'more' | 'nothing' | 'not_due';

/**
 * Erases the content of deleted conversations, a limited number of rows at a time. The erasure of a conversation is due
 * from its deletion until `settle` sets the flag `ERASED`. The caller must run a transaction.
 */
export interface ErasureTable {
  /** Marks a conversation as deleted by this transaction. */
  begin(conversation: ConversationId): void;
  /**
   * Returns the conversations whose erasure is due, with ids above `after` and at most `after + span`; `more`: whether
   * conversations with higher ids exist.
   */
  due(
    after: ConversationId,
    span: number,
  ): { readonly conversations: readonly ConversationId[]; readonly more: boolean };
  /** Erases at most `limit` rows. */
  erase(conversation: ConversationId, limit: number): Erasure;
  /** Records that the content of a conversation is erased, from the tables and from the write-ahead log. */
  settle(conversation: ConversationId): void;
}

/**
 * The tables with content, or with data derived from it, with the rest of their keys after `conversation`. The queue of
 * blocks that need a search filter (`search_due`) is deleted before the filters (`search_block`), so that no new filter
 * is built from content that is being erased.
 */
const KEYS = {
  search_due: 'id',
  search_block: 'block',
  message: 'sequence',
  own_message: 'sender, sequence',
  version: 'sequence, modification',
  mention: 'user, root, sequence',
  hidden: 'user, sequence',
  follow: 'user, root',
} as const;

/** Creates the statements. Calls `onDue` when a conversation is deleted. */
export function createErasureTable(
  database: Database,
  files: Pick<FileTable, 'releaseSome'>,
  onDue: (conversation: ConversationId) => void,
): ErasureTable {
  const unsettled = `settings & ${DELETED + ERASED} = ${DELETED}`;
  const due = database
    .prepare<[number, number], number>(`SELECT id FROM conversation WHERE id > ? AND id <= ? AND ${unsettled}`)
    .pluck();
  const isDue = database.prepare<[number], number>(`SELECT 1 FROM conversation WHERE id = ? AND ${unsettled}`).pluck();
  const above = database.prepare<[number], number>('SELECT id FROM conversation WHERE id > ? LIMIT 1').pluck();
  const settle = database.prepare<[number]>(`UPDATE conversation SET settings = settings | ${ERASED} WHERE id = ?`);
  const removals = Object.entries(KEYS).map(([table, key]) =>
    database.prepare<[number, number, number]>(
      `DELETE FROM ${table} WHERE conversation = ? AND (${key}) IN (SELECT ${key} FROM ${table} WHERE conversation = ? LIMIT ?)`,
    ),
  );
  // Removes the drafts of the members. The drafts of former members stay, because they are their private data.
  const removeDrafts = database.prepare<[number, number, number]>(
    `DELETE FROM draft WHERE conversation = ? AND user IN (
       SELECT d.user FROM draft d JOIN member m ON m.conversation = d.conversation AND m.user = d.user
       WHERE d.conversation = ? AND m.open_from IS NOT NULL LIMIT ?)`,
  );
  const steps = [
    files.releaseSome,
    ...[...removals, removeDrafts].map(
      (remove) => (conversation: ConversationId, limit: number) =>
        remove.run(conversation, conversation, limit).changes,
    ),
  ];
  return {
    begin: onDue,
    due: (after, span) => ({
      conversations: due.all(after, after + span),
      more: above.get(after + span) !== undefined,
    }),
    erase: (conversation, limit) => {
      if (isDue.get(conversation) === undefined) return 'not_due';
      let left = limit;
      for (const step of steps) {
        left -= step(conversation, left);
        if (left <= 0) return 'more';
      }
      return 'nothing';
    },
    settle: (conversation) => {
      settle.run(conversation);
    },
  };
}
