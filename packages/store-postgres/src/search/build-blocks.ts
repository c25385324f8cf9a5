import { BLOCK_MESSAGES, buildFilter, messageTokens, searchTextVersion } from '@everywire/chat/internal';
import type { Database } from '../database/database.js';
import { type MessageColumns, parseMessage } from '../log/message-columns.js';

/**
 * The version of search filters. A filter is a Bloom filter of the search tokens of one block, `BLOCK_MESSAGES`
 * consecutive messages of a conversation. The tokens depend on our text folding and on Unicode, so the version combines
 * both versions: `1016000` for 1 and 16.0. A filter of another version is unusable.
 */
export const FILTER_VERSION: number =
  searchTextVersion * 1_000_000 + Math.round(Number(process.versions['unicode'] ?? 0) * 1_000);

/** The most filters of older versions that one call queues for a rebuild. */
const RENEWED_AT_ONCE = 1_000;

/** Queues blocks with a filter of an older version. */
const RENEW = `INSERT INTO search_due (conversation, block) SELECT conversation, block FROM search_block WHERE version < $1::int8
  ORDER BY version LIMIT $2::int8 ON CONFLICT DO NOTHING`;

/** Takes blocks from the queue. SKIP LOCKED leaves out the blocks whose filters another node is building. */
const TAKE =
  'DELETE FROM search_due WHERE (conversation, block) IN (SELECT conversation, block FROM search_due LIMIT $1::int8 FOR UPDATE SKIP LOCKED) RETURNING conversation, block';

const READ = `SELECT m.* FROM unnest($1::int8[], $2::int8[]) AS u(conversation, block)
  JOIN message m ON m.conversation = u.conversation AND m.sequence BETWEEN u.block * $3::int8 + 1 AND (u.block + 1) * $3::int8
  ORDER BY m.conversation, m.sequence`;

const WRITE = `INSERT INTO search_block (conversation, block, first_at, version, bits)
  SELECT conversation, block, first_at, $5::int8, bits FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::bytea[]) AS u(conversation, block, first_at, bits)
  ON CONFLICT (conversation, block) DO UPDATE SET first_at = excluded.first_at, version = excluded.version, bits = excluded.bits`;

/**
 * Builds the filters of queued blocks (rows of `search_due`), at most `limit`; resolves with their number. The
 * transaction deletes the rows of the queue first, which locks them, and reads the texts afterwards. So a concurrent
 * change of a text has either been committed and is in the filter, or waits for the lock and then deletes the filter
 * (`write-search.ts`).
 */
export async function buildBlocks(database: Database, limit: number): Promise<number> {
  return database.transaction(async (at) => {
    const taken = await at.query<{ conversation: number; block: number }>(TAKE, [limit]);
    if (taken.length === 0) return 0;
    const places = [taken.map(({ conversation }) => conversation), taken.map(({ block }) => block)];
    const rows = (await at.query<MessageColumns>(READ, [...places, BLOCK_MESSAGES])).map(parseMessage);
    const built = taken.map(({ conversation, block }) => {
      const low = block * BLOCK_MESSAGES + 1;
      const messages = rows.filter(
        (row) => row.conversation === conversation && row.sequence >= low && row.sequence < low + BLOCK_MESSAGES,
      );
      const tokens = new Set<string>();
      for (const message of messages) messageTokens(message, tokens);
      return { firstAt: messages[0]?.sentAt ?? 0, bits: Buffer.from(buildFilter(tokens)) };
    });
    const columns = [built.map(({ firstAt }) => firstAt), built.map(({ bits }) => bits)];
    await at.query(WRITE, [...places, ...columns, FILTER_VERSION]);
    return taken.length;
  });
}

/** Queues the blocks of filters of older versions, at most 1,000, for a rebuild; resolves with their number. */
export async function renewBlocks(database: Database): Promise<number> {
  return database.transaction(async (at) => {
    const renewed = await at.query(`WITH renewed AS (${RENEW} RETURNING 1) SELECT 1 FROM renewed`, [
      FILTER_VERSION,
      RENEWED_AT_ONCE,
    ]);
    return renewed.length;
  });
}
