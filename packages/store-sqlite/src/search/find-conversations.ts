import type { ConversationId, ConversationsAnswer, Entry, ListPosition, Store, UserId } from '@everywire/chat';
import { AnswerBytes, isMemberOf, isSearchPlace } from '@everywire/chat/internal';
import { peerOf } from '../conversation-table.js';
import type { Tables } from '../tables.js';

/** Positions read per query. */
const CHUNK = 500;

/** The cost of one conversation in units of `searchBudget`, for reading the conversation and folding its name. */
const POSITION_COST = 5;

interface Sources {
  readonly tables: Tables;
  readonly budget: number;
  readonly findEntry: (user: UserId, conversation: ConversationId) => Entry | null;
}

/**
 * Searches the names of the conversations in the user's list, in the order of the list, until enough conversations are
 * found, none is left or the budget is used up.
 */
export function findConversations(
  { tables, budget, findEntry }: Sources,
  [user, { name, peers }, { after, limit, bytesMax }]: Parameters<Store['findConversations']>,
): ConversationsAnswer {
  const isWanted = ({ conversation: id }: ListPosition): boolean => {
    const conversation = tables.conversations.get(id);
    if (conversation === null) return false;
    if (!isSearchPlace(conversation, peerOf(conversation, user), [{ name, peers }])) return false;
    return isMemberOf(conversation, tables.members.get(id, user));
  };
  const end = (found: readonly ListPosition[], next: ListPosition | null): ConversationsAnswer => {
    const bytes = new AnswerBytes(bytesMax);
    const entries: Entry[] = [];
    let last: ListPosition | null = null;
    for (const position of found) {
      const entry = findEntry(user, position.conversation);
      if (entry !== null && !bytes.fits(entry)) return { epoch: tables.epoch, entries, next: last };
      if (entry !== null) entries.push(entry);
      last = position;
    }
    return { epoch: tables.epoch, entries, next };
  };
  const found: ListPosition[] = [];
  let last = after;
  let left = Math.ceil(budget / POSITION_COST);
  while (left > 0) {
    const size = Math.min(CHUNK, left);
    const positions = tables.listOrder.page(user, last, size);
    found.push(...positions.filter(isWanted));
    const lastGiven = found[limit - 1];
    if (found.length > limit && lastGiven !== undefined) return end(found.slice(0, limit), lastGiven);
    if (positions.length < size) return end(found, null);
    last = positions.at(-1) ?? last;
    left -= size;
  }
  return end(found, last);
}
