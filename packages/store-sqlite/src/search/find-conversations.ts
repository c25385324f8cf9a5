import type { ConversationId, Entry, ListPageAnswer, ListPosition, Store, UserId } from '@everywire/chat';
import { compareListPositions, isMemberOf, isSearchPlace } from '@everywire/chat/internal';
import { peerOf } from '../conversation-table.js';
import type { Tables } from '../tables.js';

/** Positions read at once. */
const chunk = 500;

/** Goes through the user's list in its order and reads the name of each: grows with the user's conversations, so it runs beside the writer. */
export function findConversations(
  tables: Tables,
  findEntry: (user: UserId, conversation: ConversationId) => Entry | null,
  [user, { name, peers }, { after, limit }]: Parameters<Store['findConversations']>,
): ListPageAnswer {
  const isWanted = (id: ConversationId): boolean => {
    const conversation = tables.conversations.get(id);
    if (conversation === null) return false;
    if (!isSearchPlace(conversation, peerOf(conversation, user), [{ name, peers }])) return false;
    return isMemberOf(conversation, tables.members.get(id, user));
  };
  const found: ListPosition[] = [];
  let last = after;
  while (found.length <= limit) {
    const positions = tables.listOrder.page(user, last, chunk);
    found.push(...positions.filter(({ conversation }) => isWanted(conversation)));
    last = positions.at(-1) ?? last;
    if (positions.length < chunk) break;
  }
  const given = found.sort(compareListPositions).slice(0, limit);
  const entries = given.map(({ conversation }) => findEntry(user, conversation)).filter((entry) => entry !== null);
  return { epoch: tables.epoch, entries, more: found.length > limit };
}
