import type { ConversationId } from '@everywire/chat';
import { BackgroundJob } from '../database/background-job.js';
import type { Database, Queries } from '../database/database.js';
import type { PostgresStoreLimits } from '../limits.js';
import { DELETED, ERASED } from './conversation-row.js';

/**
 * Finds a deleted conversation that still has rows. SKIP LOCKED leaves out conversations that another node is erasing.
 * The condition is exactly that of the partial index `conversation_unerased`, so that PostgreSQL uses this index.
 */
const NEXT_UNERASED: string = `SELECT id FROM conversation WHERE flags & ${DELETED + ERASED} = ${DELETED} ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`;

/** Marks a conversation as erased. */
const MARK_ERASED: string = `UPDATE conversation SET flags = flags | ${ERASED} WHERE id = $1::int8`;

/**
 * The tables with messages or with data derived from them, with the rest of their keys after `conversation`. The blocks
 * in `search_due`, for which a search filter must be built, are deleted before the filters in `search_block`: otherwise
 * the background job could still build a filter from messages that are being erased.
 */
const KEYS = {
  file_use: 'file, sequence',
  search_due: 'block',
  search_block: 'block',
  message: 'sequence',
  version: 'sequence, modification',
  mention: 'usr, root, sequence',
  hidden: 'usr, sequence',
  follow: 'usr, root',
} as const;

/** $1 the conversation, $2 the limit of rows. */
const REMOVALS: readonly string[] = [
  ...Object.entries(KEYS).map(
    ([table, key]) => `DELETE FROM ${table} WHERE conversation = $1::int8 AND (${key}) IN (
      SELECT ${key} FROM ${table} WHERE conversation = $1::int8 LIMIT $2::int8) RETURNING 1`,
  ),
  // Deletes the drafts of the members at the time of the deletion. A former member keeps a draft.
  `UPDATE member SET draft = NULL WHERE conversation = $1::int8 AND usr IN (
    SELECT usr FROM member WHERE conversation = $1::int8 AND open_from IS NOT NULL AND draft IS NOT NULL LIMIT $2::int8) RETURNING 1`,
];

/**
 * Creates the job that erases the messages of deleted conversations, a limited number of rows per commit, so that no
 * send waits for the job. A conversation gets the flag `ERASED` when none of its rows are left, so any node can
 * continue the work of another one.
 */
export function createEraser(
  database: Database,
  { erasedRowsAtOnce, erasePauseMs, lookMs }: PostgresStoreLimits,
): BackgroundJob {
  return new BackgroundJob({
    pauseMs: erasePauseMs,
    lookMs,
    run: () =>
      database.transaction(async (at) => {
        const [next] = await at.query<{ id: ConversationId }>(NEXT_UNERASED);
        if (next !== undefined) await erase(at, next.id, erasedRowsAtOnce);
        return next !== undefined;
      }),
  });
}

/** Erases at most `limit` rows; marks the conversation as erased if none is left. */
async function erase(at: Queries, conversation: ConversationId, limit: number): Promise<void> {
  let left = limit;
  for (const removal of REMOVALS) {
    left -= (await at.query(removal, [conversation, left])).length;
    if (left <= 0) return;
  }
  await at.query(MARK_ERASED, [conversation]);
}
