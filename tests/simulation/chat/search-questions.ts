import type { Answers, ConversationId, UserId } from '@everywire/chat';
import { messageAsSeen, rowAsSeen } from './check-logs.js';
import { isCalled, openOf, placeOf } from './log-questions.js';
import type { Item, Question } from './question.js';
import { nameOf } from './server-node.js';
import type { TrueConversation, TrueMessage } from './truth.js';
import { messageAt, shownTo } from './truth-messages.js';
import { isDismissed } from './truth-own.js';
import { worldLimits } from './world-limits.js';

/** The criteria of a search; at least one is set. */
export interface Wanted {
  /** Prefixes of words. */
  readonly words: readonly string[];
  readonly phrase: string | null;
  readonly from: UserId | 'me' | null;
  readonly in: string | null;
  readonly link: boolean;
  /** Messages sent before this minute since 1970, or at or after it. */
  readonly time: { readonly which: 'before' | 'after'; readonly minute: number } | null;
  readonly conversation: ConversationId | null;
}

/** CH-31 to CH-34: a search for messages, with the true (expected) answer, which `isFound` computes from the true texts. */
export function askSearch(user: UserId, wanted: Wanted): Question {
  // The search language names only days. 1 January 1970 begins at midnight of the user's time zone, so the zone selects
  // the minute.
  const zone = wanted.time === null ? 0 : -wanted.time.minute;
  const { conversation } = wanted;
  const query = { command: 'search', text: searchText(wanted), zone, conversation, after: null } as const;
  return {
    rule: 'CH-31',
    user,
    query,
    limit: worldLimits.searchRowsMax,
    truth: (truth) => {
      const open = openOf(truth, user);
      // A name that is in no list is reported as a typing error.
      const listed = open.filter(([, each]) => !isDismissed(each, user, true));
      if (!listed.some(([, each]) => isIn(each, user, wanted)) && wanted.in !== null) return { refused: 'search_in' };
      return open
        .filter(([id, each]) => (conversation === null ? isIn(each, user, wanted) : conversation === id))
        .flatMap(([id, each]) => foundIn(id, each, { user, wanted }));
    },
    read: (ok) => {
      const { hits, next } = ok as Answers['search'];
      const items = hits.map(({ conversation: id, row }) => ({
        key: `${id}/${row.sequence}`,
        shows: () => rowAsSeen(row),
      }));
      return { items, next: next && { query: { ...query, after: next }, place: placeOf(next) } };
    },
  };
}

/** Returns the criteria as text in the search language. */
function searchText({ words, phrase, from, in: place, link, time }: Wanted): string {
  const parts = [
    ...words,
    phrase === null ? '' : `"${phrase}"`,
    from === null ? '' : `from:${from === 'me' ? 'me' : nameOf(from)}`,
    place === null ? '' : `in:"${place}"`,
    link ? 'has:link' : '',
    time === null ? '' : `${time.which}:1970-01-01`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Returns whether the conversation meets the criterion `in:`. */
function isIn(conversation: TrueConversation, user: UserId, wanted: Wanted): boolean {
  return wanted.in === null || isCalled(conversation, user, wanted.in);
}

function foundIn(
  id: ConversationId,
  conversation: TrueConversation,
  { user, wanted }: { readonly user: UserId; readonly wanted: Wanted },
): readonly Item[] {
  return shownTo(conversation, user)
    .map((sequence) => ({ sequence, message: messageAt(conversation, sequence) }))
    .filter(({ message }) => isFound(message, user, wanted))
    .map(({ sequence, message: { sentAt } }) => ({
      key: `${id}/${sequence}`,
      place: placeOf({ conversation: id, sentAt, sequence }),
      shows: () => messageAsSeen(conversation, user, sequence),
    }));
}

/**
 * Returns whether a message meets the criteria, without the code of the product's search. All texts of the simulation
 * consist of lower-case words separated by blanks.
 */
function isFound({ text, sender, sentAt }: TrueMessage, user: UserId, wanted: Wanted): boolean {
  if (text === null) return false;
  const { words, phrase, from, link, time } = wanted;
  const padded = ` ${text} `;
  const bound = (time?.minute ?? 0) * 60_000;
  return (
    words.every((word) => padded.includes(` ${word}`)) &&
    (phrase === null || padded.includes(` ${phrase} `)) &&
    (from === null || sender === (from === 'me' ? user : from)) &&
    (!link || padded.includes(' https://')) &&
    (time === null || (time.which === 'before' ? sentAt < bound : sentAt >= bound))
  );
}
