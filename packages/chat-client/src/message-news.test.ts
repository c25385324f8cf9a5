import type { CommitEvent, MessageRow } from '@everywire/chat';
import { expect, test } from 'vitest';
import { rowAt } from './core/test-wire.js';
import { messageNews } from './message-news.js';

// Tests `messageNews`: which events are news for the user, such as for a notification of the browser.

const me = 1;
const person = (id: number) => ({ id, name: `u${id}`, displayName: `User ${id}` });

/** The event of a new message by user 2. @param head other fields of the event */
function commit(row: Partial<MessageRow>, head: Partial<CommitEvent> = {}): CommitEvent {
  return {
    event: 'commit',
    epoch: '0123456789abcdef',
    conversation: 7,
    membersAt: 1,
    large: false,
    count: 10,
    before: { sequence: 9, modification: 0 },
    after: { sequence: 10, modification: 0 },
    memberCount: 3,
    activity: 100,
    row: { ...rowAt(10), sender: 2, ...row },
    ...head,
  };
}

const news = (event: CommitEvent) => messageNews(event, me, person);

test('a message of another user is news, with its text and mentions', () => {
  const body = { kind: 'text', text: 'hello' } as const;
  const sent = { news: 'sent', conversation: 7, sequence: 10, thread: null, sender: person(2), text: 'hello' };
  expect(news(commit({ body }))).toEqual({ ...sent, callsMe: false });
  expect(news(commit({ body, mentions: { users: [3, me], all: false } }))).toEqual({ ...sent, callsMe: true });
  expect(news(commit({ body, mentions: { users: [], all: true } }))).toEqual({ ...sent, callsMe: true });
  expect(news(commit({ body, mentions: { users: [3], all: false } }))).toEqual({ ...sent, callsMe: false });
  expect(news(commit({ body, thread: { root: 4, ordinal: 1 } }))).toMatchObject({ thread: 4 });
});

test('a recalled message is news with its place only', () => {
  const touched = { before: { sequence: 12, modification: 0 }, after: { sequence: 12, modification: 1 } };
  expect(news(commit({ body: { kind: 'recalled', by: 2 } }, touched))).toEqual({
    news: 'recalled',
    conversation: 7,
    sequence: 10,
    thread: null,
  });
});

test('own messages, edits, service messages and invisible ones are not news', () => {
  const touched = { before: { sequence: 12, modification: 0 }, after: { sequence: 12, modification: 1 } };
  const body = { kind: 'text', text: 'hello' } as const;
  expect(news(commit({ body, sender: me }))).toBe(null);
  expect(news(commit({ body }, touched))).toBe(null);
  expect(news(commit({ body: { kind: 'service', service: { change: 'joined' } } }))).toBe(null);
  expect(news({ ...commit({}), row: null })).toBe(null);
  expect(messageNews({ event: 'resync', withinMs: 5 }, me, person)).toBe(null);
});
