import type { Conversation, ConversationId, SearchPlace, SearchPosition, UserId } from '@everywire/chat';
import type { Span } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';
import type { ListOrder } from '../list-order.js';
import type { MessageTable, SearchRow } from '../message-table.js';

/** A conversation of a user's, perhaps of old, and when its newest message was sent at the latest. */
interface Candidate {
  readonly conversation: ConversationId;
  readonly activity: number;
}

/** What a search reads besides the rows that every question reads. */
export interface SearchReads {
  /** Where a user may find something. Only keys are read. */
  candidates(user: UserId, places: readonly SearchPlace[] | null): readonly Candidate[];
  filter(conversation: ConversationId, block: number): { readonly firstAt: number; readonly bits: Uint8Array } | null;
  /** Messages of the span, the newest first. */
  downward(conversation: ConversationId, span: Span): readonly SearchRow[];
  /** The newest message that comes after the position; `null` where none does. */
  lastAfter(position: SearchPosition, conversation: Conversation): SearchPosition | null;
}

export function createSearchReads(
  database: Database.Database,
  { listOrder, messages }: { readonly listOrder: ListOrder; readonly messages: MessageTable },
): SearchReads {
  const filter = database.prepare<[number, number], { firstAt: number; bits: Buffer }>(
    'SELECT first_at AS firstAt, bits FROM search_block WHERE conversation = ? AND block = ?',
  );
  const activity = database.prepare<[number], number>('SELECT activity FROM conversation WHERE id = ?').pluck();
  const sentAt = database
    .prepare<[number, number], number>('SELECT sent_at FROM message WHERE conversation = ? AND sequence = ?')
    .pluck();
  const named = (conversation: ConversationId): readonly Candidate[] => {
    const at = activity.get(conversation);
    return at === undefined ? [] : [{ conversation, activity: at }];
  };
  return {
    candidates: (user, places) => {
      const ids = places?.map((place) => ('conversation' in place ? place.conversation : null)) ?? [null];
      if (!ids.includes(null)) return [...new Set(ids)].flatMap((id) => (id === null ? [] : named(id)));
      return listOrder
        .everything(user)
        .flatMap(({ conversation, activity: at }) =>
          at === null ? named(conversation) : [{ conversation, activity: at }],
        );
    },
    filter: (conversation, block) => filter.get(conversation, block) ?? null,
    downward: (conversation, span) => messages.downward(conversation, span),
    lastAfter: (position, { id, sequence: head }) => {
      if (position.conversation === id && position.sequence <= head) {
        const sequence = position.sequence - 1;
        const at = sentAt.get(id, sequence);
        return at === undefined ? null : { sentAt: at, conversation: id, sequence };
      }
      return lastOfTime(position, {
        conversation: id,
        head,
        timeOf: (sequence) => sentAt.get(id, sequence) ?? Infinity,
      });
    },
  };
}

/** Of the same moment come those of lower conversations, and of this one where the position is above all it has. Times rise with the sequence, so halving finds the place. */
function lastOfTime(
  position: SearchPosition,
  {
    conversation,
    head,
    timeOf,
  }: {
    readonly conversation: ConversationId;
    readonly head: number;
    readonly timeOf: (sequence: number) => number;
  },
): SearchPosition | null {
  const last = position.sentAt - (conversation <= position.conversation ? 0 : 1);
  let [low, high] = [0, head];
  let found = 0;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const at = timeOf(middle);
    if (at <= last) {
      low = middle;
      found = at;
    } else high = middle - 1;
  }
  return low === 0 ? null : { sentAt: found, conversation, sequence: low };
}
