import type { ConversationId } from '@everywire/chat';
import { BackgroundJob } from '../database/background-job.js';
import type { Database, Queries } from '../database/database.js';
import type { PostgresStoreLimits } from '../limits.js';
import { DELETED, ERASED } from './conversation-row.js';

/**
 * Finds a deleted conversation that still has rows, skipping those that another node is erasing. Uses the index
 * `conversation_unerased`.
 */
const DUE: string = `SELECT id FROM conversation WHERE flags & ${DELETED + ERASED} = ${DELETED} ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`;

const SETTLE: string = `UPDATE conversation SET flags = flags | ${ERASED} WHERE id = $1::int8`;

/**
 * The tables with messages or data derived from them, with their keys. Due blocks go before filters, so that no filter
 * is built of erased messages.
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
  // The drafts of its last members. A former member keeps what they could see.
  `UPDATE member SET draft = NULL WHERE conversation = $1::int8 AND usr IN (
    SELECT usr FROM member WHERE conversation = $1::int8 AND open_from IS NOT NULL AND draft IS NOT NULL LIMIT $2::int8) RETURNING 1`,
];

/**
 * Creates the job that erases the messages of deleted conversations, a limited number of rows per commit, so that no
 * send waits for it. The conversation's row records the progress, so any node continues the work of another.
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
        const [due] = await at.query<{ id: ConversationId }>(DUE);
        if (due !== undefined) await erase(at, due.id, erasedRowsAtOnce);
        return due !== undefined;
      }),
  });
}

async function erase(at: Queries, conversation: ConversationId, limit: number): Promise<void> {
  let left = limit;
  for (const removal of REMOVALS) {
    left -= (await at.query(removal, [conversation, left])).length;
    if (left <= 0) return;
  }
  await at.query(SETTLE, [conversation]);
}
