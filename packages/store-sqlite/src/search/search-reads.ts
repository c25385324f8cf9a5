import type { Conversation, ConversationId, SearchPlace, SearchPosition, UserId } from '@everywire/chat';
import type { VisibleRange } from '@everywire/chat/internal';
import { isDamageError } from '../damage/damage-log.js';
import type { LogRows } from '../damage/log-rows.js';
import type { Database } from '../database/database.js';
import type { ListOrder } from '../list-order.js';
import type { SearchRow } from '../message-table.js';

/** A conversation that a user is or was a member of, and an upper bound for the time of its newest message. */
interface Candidate {
  readonly conversation: ConversationId;
  readonly activity: number;
}

/** Additional reads of a search. */
export interface SearchReads {
  /** Returns the conversations that a user may search. Reads only keys. */
  candidates(user: UserId, places: readonly SearchPlace[] | null): readonly Candidate[];
  filter(conversation: ConversationId, block: number): { readonly firstAt: number; readonly bits: Uint8Array } | null;
  /** Returns messages of the span, newest first. */
  downward(conversation: ConversationId, span: VisibleRange): readonly SearchRow[];
  /** Returns the newest message that follows the position in search order (newest first); `null` if there is none. */
  lastAfter(position: SearchPosition, conversation: Conversation): SearchPosition | null;
}

interface TimedSequence {
  readonly sequence: number;
  readonly sentAt: number;
}

/** Creates the statements. */
export function createSearchReads(
  database: Database,
  { listOrder, log }: { readonly listOrder: ListOrder; readonly log: LogRows },
): SearchReads {
  const filter = database.prepare<[number, number], { firstAt: number; bits: Buffer }>(
    'SELECT first_at AS firstAt, bits FROM search_block WHERE conversation = ? AND block = ?',
  );
  const activity = database.prepare<[number], number>('SELECT activity FROM conversation WHERE id = ?').pluck();
  const sentAt = database.prepare<[number, number], TimedSequence>(
    `SELECT sequence, sent_at AS sentAt FROM message WHERE conversation = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1`,
  );
  /**
   * Returns the nearest readable message at or below the sequence, because a position in time must be found next to
   * damage as well.
   */
  const timeAtOrBelow = (conversation: ConversationId, sequence: number): TimedSequence | undefined => {
    for (let highest = sequence; highest > 0; highest -= 1) {
      try {
        return sentAt.get(conversation, highest);
      } catch (error) {
        if (!isDamageError(error)) throw error;
      }
    }
    return undefined;
  };
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
    downward: (conversation, span) => log.downward(conversation, span),
    lastAfter: (position, { id, sequence: head }) => {
      if (position.conversation === id && position.sequence <= head) {
        const at = timeAtOrBelow(id, position.sequence - 1);
        return at === undefined ? null : { ...at, conversation: id };
      }
      return lastOfTime(position, {
        conversation: id,
        head,
        timeOf: (sequence) => timeAtOrBelow(id, sequence)?.sentAt ?? 0,
      });
    },
  };
}

/**
 * Finds the last message before a time by bisection, because times rise with the sequence. Messages of the same time
 * are ordered by conversation, descending.
 */
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
