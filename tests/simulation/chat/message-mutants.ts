import { type Mutant, mutantOf as one } from './mutant.js';

const chat = 'packages/chat/src';
const memory = 'packages/store-memory/src';
const core = 'packages/chat-client/src/core';

/** Defects in what is done with messages. */
export const messageMutants: readonly Mutant[] = [
  one(
    'quote copies',
    'a quote of what is edited later',
    `${core}/quote-book.ts`,
    'held.modification > row.modification) return false',
    'held.modification >= 0) return false',
  ),
  one(
    'quote of a recalled message',
    180,
    `${core}/row-view.ts`,
    "if (row === null || row.body.kind !== 'text') return { state: 'unavailable' };\n  return",
    "if (row === null) return { state: 'unavailable' };\n  if (row.body.kind !== 'text') return { state: 'loading' };\n  return",
  ),
  one(
    'reply without root',
    40,
    `${chat}/decide-send.ts`,
    'touch: root === null ? [] : [',
    'touch: root !== null ? [] : root === null ? [] : [',
  ),
  one(
    'reply counts as unread',
    40,
    `${chat}/append.ts`,
    "body.kind === 'text' && marks.thread === undefined",
    "body.kind === 'text'",
  ),
  one(
    'thread count of all',
    'replies between two stays',
    `${memory}/memory-threads.ts`,
    'if (replies === undefined) return message;',
    'if (replies !== 0) return message;',
  ),
  one(
    'delta on a newer row',
    'a reply that a newer page has counted',
    `${core}/conversation-log.ts`,
    'held === undefined || held.modification >= after.modification',
    'held === undefined',
  ),
  one(
    'target by sequence',
    'a message that another history has at this place',
    `${chat}/named-message.ts`,
    'message === undefined || message.id !== name.id',
    'message === undefined',
  ),
  one(
    'touch without a stamp',
    300,
    `${memory}/memory-changes.ts`,
    'if (changes.conversation !== null && (',
    'if (changes.append.length > 0 && changes.conversation !== null && (',
  ),
  one(
    'recall without a stamp',
    'a recall that is all that happened',
    `${memory}/memory-changes.ts`,
    'if (changes.conversation !== null && (',
    "if (changes.conversation !== null && changes.touch.every(({ body }) => body.kind !== 'recalled') && (",
  ),
  one(
    'edit without a stamp',
    'an edit that is all that happened',
    `${memory}/memory-changes.ts`,
    'if (changes.conversation !== null && (',
    'if (changes.conversation !== null && changes.versions.length === 0 && (',
  ),
  one('edit without a base', 300, `${chat}/decide-edit.ts`, 'if (command.base !== base)', 'if (command.base < 0)'),
  one(
    'follow kept after leaving',
    'a thread of another stay',
    `${chat}/decide-members.ts`,
    'unfollow: [user]',
    'unfollow: []',
  ),
  one('one is called by oneself', 100, `${memory}/memory-threads.ts`, 'sender !== user &&', ''),
  one('mentions of what was read', 40, `${memory}/memory-threads.ts`, 'sequence > read &&', ''),
  one(
    'hidden counts as unread',
    100,
    `${chat}/entry.ts`,
    '(counters.sent - counters.readSent) - counters.hidden',
    '(counters.sent - counters.readSent)',
  ),
  one(
    'hidden on one device only',
    40,
    `${core}/conversation-log.ts`,
    'if (this.#hidden.isBehind)',
    'if (this.#hidden.at < 0)',
  ),
  one(
    'hidden comes back late',
    'a message that is hidden before it is heard of',
    `${core}/conversation-log.ts`,
    'if (this.#hidden.has(row.sequence)) return;',
    '',
  ),
  one('preview of a thread', 40, `${chat}/entry.ts`, '|| message.thread !== undefined', ''),
  one('pins that are not asked again', 100, `${core}/pin-book.ts`, 'pinsAt > this.#at ||', ''),
  one(
    'mention moves the entry alone',
    100,
    `${core}/conversation-list.ts`,
    "if (body.kind === 'text') return sender !== me && (mentions?.all === true || mentions?.users.includes(me) === true);",
    "if (body.kind === 'text') return false;",
  ),
];
