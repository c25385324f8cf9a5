import type { ConversationId, Message } from '@everywire/chat';
import { BLOCK_MESSAGES, blockOf, hasSameSearchText } from '@everywire/chat/internal';
import type { SentStatement } from './lane-connection.js';
import type { Ask, Written } from './written.js';

/*
 * A block is a run of `BLOCK_MESSAGES` consecutive messages of one conversation. Each full block has a search filter: a
 * Bloom filter of the words of the block, which lets a search skip the block. `search-schema.ts` describes the tables.
 */

/**
 * Lists blocks in `search_due`, so that a background job (`build-blocks.ts`) builds their filters. A row may be listed
 * already; then the UPDATE changes nothing, but it waits for the row's lock, which the job holds while it builds the
 * filter. So a transaction that changes a text continues after the job, and `DROP_FILTERS` deletes the outdated filter.
 * Rows are inserted in the order of their key, so that two transactions cannot deadlock.
 */
const QUEUE_BLOCKS = `INSERT INTO search_due (conversation, block) SELECT DISTINCT conversation, block FROM unnest($1::int8[], $2::int8[]) AS u(conversation, block)
  ORDER BY conversation, block ON CONFLICT (conversation, block) DO UPDATE SET block = excluded.block`;
/** Deletes the filters of blocks. Must run after `QUEUE_BLOCKS`, which waits for the job. */
const DROP_FILTERS = `DELETE FROM search_block s USING unnest($1::int8[], $2::int8[]) AS u(conversation, block)
  WHERE s.conversation = u.conversation AND s.block = u.block`;

/** Returns whether these statements list a block whose filter must be built. */
export function queuesBlocks(statements: readonly SentStatement[]): boolean {
  return statements.some(({ text }) => text === QUEUE_BLOCKS);
}

interface Block {
  readonly conversation: ConversationId;
  readonly block: number;
}

/**
 * Adds the statements that queue each block that became full, or in which a text changed, for the build of its filter,
 * and that delete the filters of changed blocks. Call this after `writeMessages`, so that the messages are written
 * first.
 */
export function writeSearch(group: readonly Written[], ask: Ask): void {
  const filled = group.flatMap(({ changes: { append } }) =>
    append.filter(({ sequence }) => sequence % BLOCK_MESSAGES === 0).map(blockOfMessage),
  );
  const changed = group.flatMap(({ before, changes: { conversation, touch }, messagesBefore }) => {
    const head = (conversation ?? before)?.sequence ?? 0;
    const isFull = ({ sequence }: Message): boolean => (blockOf(sequence) + 1) * BLOCK_MESSAGES <= head;
    const hasChangedText = ({ sequence, body }: Message): boolean => {
      const before = messagesBefore.get(sequence);
      return before === undefined || !hasSameSearchText(before.body, body);
    };
    return touch.filter((after) => isFull(after) && hasChangedText(after)).map(blockOfMessage);
  });
  const arrays = (blocks: readonly Block[]): unknown[][] => [
    blocks.map(({ conversation }) => conversation),
    blocks.map(({ block }) => block),
  ];
  ask(QUEUE_BLOCKS, arrays([...filled, ...changed]));
  ask(DROP_FILTERS, arrays(changed));
}

function blockOfMessage({ conversation, sequence }: Message): Block {
  return { conversation, block: blockOf(sequence) };
}
