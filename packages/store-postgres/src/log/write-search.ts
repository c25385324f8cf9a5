import type { ConversationId, Message } from '@everywire/chat';
import { BLOCK_MESSAGES, blockOf, hasSameSearchText } from '@everywire/chat/internal';
import type { Asked } from './lane-connection.js';
import type { Ask, Written } from './written.js';

/** A filter that is being made holds its row here: whoever changes a text of its block waits, and drops what was made. */
const MAKE_DUE = `INSERT INTO search_due (conversation, block) SELECT DISTINCT conversation, block FROM unnest($1::int8[], $2::int8[]) AS u(conversation, block)
  ORDER BY conversation, block ON CONFLICT (conversation, block) DO UPDATE SET block = excluded.block`;
const DROP_FILTERS = `DELETE FROM search_block s USING unnest($1::int8[], $2::int8[]) AS u(conversation, block)
  WHERE s.conversation = u.conversation AND s.block = u.block`;

/** Whether anything is due once these statements are committed. */
export function makesDue(asked: readonly Asked[]): boolean {
  return asked.some(({ text }) => text === MAKE_DUE);
}

interface Block {
  readonly conversation: ConversationId;
  readonly block: number;
}

/** Of each block that is filled, or has another text: its filter has to be made. Asked for after the messages are written. */
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
