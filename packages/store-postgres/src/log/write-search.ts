import type { ConversationId, Message } from '@everywire/chat';
import { BLOCK_MESSAGES, blockOf, hasSameSearchText } from '@everywire/chat/internal';
import type { SentStatement } from './lane-connection.js';
import type { Ask, Written } from './written.js';

/**
 * The job that builds a filter locks its row here, so a concurrent change of a text in the block waits and then drops
 * the filter.
 */
const MAKE_DUE = `INSERT INTO search_due (conversation, block) SELECT DISTINCT conversation, block FROM unnest($1::int8[], $2::int8[]) AS u(conversation, block)
  ORDER BY conversation, block ON CONFLICT (conversation, block) DO UPDATE SET block = excluded.block`;
const DROP_FILTERS = `DELETE FROM search_block s USING unnest($1::int8[], $2::int8[]) AS u(conversation, block)
  WHERE s.conversation = u.conversation AND s.block = u.block`;

/** Tells whether these statements make a filter due. */
export function makesDue(asked: readonly SentStatement[]): boolean {
  return asked.some(({ text }) => text === MAKE_DUE);
}

interface Block {
  readonly conversation: ConversationId;
  readonly block: number;
}

/**
 * Marks the filter of each block that became full or got a changed text as due. Must come after the messages are
 * written.
 */
export function writeSearch(group: readonly Written[], ask: Ask): void {
  const filled = group.flatMap(({ changes: { append } }) =>
    append.filter(({ sequence }) => sequence % BLOCK_MESSAGES === 0).map(blockOfMessage),
  );
  const changed = group.flatMap(({ before, changes: { conversation, touch }, messagesBefore }) => {
    const head = (conversation ?? before)?.sequence ?? 0;
    const isFull = ({ sequence }: Message): boolean => (blockOf(sequence) + 1) * BLOCK_MESSAGES <= head;
    const isOther = ({ sequence, body }: Message): boolean => {
      const held = messagesBefore.get(sequence);
      return held === undefined || !hasSameSearchText(held.body, body);
    };
    return touch.filter((after) => isFull(after) && isOther(after)).map(blockOfMessage);
  });
  const arrays = (blocks: readonly Block[]): unknown[][] => [
    blocks.map(({ conversation }) => conversation),
    blocks.map(({ block }) => block),
  ];
  ask(MAKE_DUE, arrays([...filled, ...changed]));
  ask(DROP_FILTERS, arrays(changed));
}

function blockOfMessage({ conversation, sequence }: Message): Block {
  return { conversation, block: blockOf(sequence) };
}
