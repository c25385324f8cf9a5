import { BLOCK_MESSAGES, buildFilter, messageTokens } from '@everywire/chat/internal';
import type { LogRows } from '../damage/log-rows.js';
import type { Database } from '../database/database.js';
import type { BuiltBlock } from './search-table.js';

/**
 * Builds the filters of the blocks that have been due longest, at most `limit`. The caller must provide one snapshot:
 * otherwise a filter could be built from a newer text than its row in `search_due` stands for.
 */
export type BuildBlocks = (limit: number) => readonly BuiltBlock[];

/** Creates the function over a database. */
export function createBuildBlocks(database: Database, log: LogRows): BuildBlocks {
  const due = database.prepare<[number], { id: number; conversation: number; block: number }>(
    'SELECT id, conversation, block FROM search_due ORDER BY id LIMIT ?',
  );
  return (limit) =>
    due.all(limit).map(({ id, conversation, block }) => {
      const low = block * BLOCK_MESSAGES + 1;
      const rows = log.span(conversation, [low, low + BLOCK_MESSAGES - 1]);
      const tokens = new Set<string>();
      for (const message of rows) messageTokens(message, tokens);
      return { due: id, conversation, block, firstAt: rows[0]?.sentAt ?? 0, bits: buildFilter(tokens) };
    });
}
