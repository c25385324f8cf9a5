import { type ChatLimits, chatLimits, type Request } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { checkRequest } from './check-request.js';

// Tests `checkRequest`, which checks a valid request against the limits for sizes. It returns the code of the refusal,
// `null` if there is none.

const check = (request: object): string => checkRequest({ i: 1, ...request } as Request, chatLimits) ?? 'ok';
const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
/** Returns text of so many bytes of UTF-8, three to a character except for the first ones. */
const bytes = (count: number): string => 'x'.repeat(count % 3) + '字'.repeat(Math.floor(count / 3));
/** Returns text of so many code points, each two UTF-16 units. */
const points = (count: number): string => '😀'.repeat(count);

describe('limits', () => {
  // Columns: the limit, the code of the refusal, what is counted, and a request with `count` of it.
  it.each<[keyof ChatLimits, string, string, (count: number) => object]>([
    ['textBytesMax', 'too_long', 'bytes of a text', (count) => ({ command: 'send', text: bytes(count) })],
    ['textBytesMax', 'too_long', 'bytes of an edit', (count) => ({ command: 'edit', text: bytes(count) })],
    ['draftBytesMax', 'too_long', 'bytes of a draft', (count) => ({ command: 'draft', text: bytes(count) })],
    [
      'nameCharactersMax',
      'too_long',
      'characters of a new name',
      (count) => ({ command: 'rename', name: points(count) }),
    ],
    [
      ...(['nameCharactersMax', 'too_long', 'characters of a channel’s name'] as const),
      (count) => ({ command: 'createChannel', name: points(count) }),
    ],
    [
      ...(['nameCharactersMax', 'too_long', 'characters of a group’s name'] as const),
      (count) => ({ command: 'createGroup', name: points(count), users: [] }),
    ],
    [
      ...(['filesMax', 'too_many', 'files without a text'] as const),
      (count) => ({ command: 'send', text: '', files: many(count) }),
    ],
    ['namesMax', 'too_many', 'messages that are hidden', (count) => ({ command: 'hide', messages: many(count) })],
    [
      ...(['addUsersMax', 'too_many', 'people of a new group'] as const),
      (count) => ({ command: 'createGroup', name: 'x', users: many(count) }),
    ],
    ['addUsersMax', 'too_many', 'people who are added', (count) => ({ command: 'add', users: many(count) })],
    [
      ...(['watchedConversationsMax', 'too_many', 'conversations that are watched'] as const),
      (count) => ({ command: 'watch', conversations: many(count) }),
    ],
    [
      ...(['watchedUsersMax', 'too_many', 'people whose presence is watched'] as const),
      (count) => ({ command: 'watchPresence', users: many(count) }),
    ],
    ['namesMax', 'too_many', 'people who are asked for', (count) => ({ command: 'people', ids: many(count) })],
    ['namesMax', 'too_many', 'messages that are asked for', (count) => ({ command: 'messages', names: many(count) })],
    ['pageRowsMax', 'too_many', 'rows of a page', (count) => ({ command: 'page', limit: count })],
  ])('[CH-4.1] %s refuses with %s exactly one more than so many %s', (limit, code, _what, ask) => {
    expect([check(ask(chatLimits[limit])), check(ask(chatLimits[limit] + 1))]).toEqual(['ok', code]);
  });

  it('a reaction has at most emojiBytesMax bytes', () => {
    const family = '👨🏽‍👩🏽‍👧🏽‍👦🏽';
    const emojiBytesMax = Buffer.byteLength(family);
    const react = { command: 'react', i: 1, emoji: family } as unknown as Request;
    expect(checkRequest(react, { ...chatLimits, emojiBytesMax })).toBeNull();
    expect(checkRequest(react, { ...chatLimits, emojiBytesMax: emojiBytesMax - 1 })).toBe('invalid');
  });
});

it('empty or invisible content is refused as text, name and list', () => {
  for (const blank of ['', ' \n\t', '\u200b\u2060', '\u202e', '\u2800', '\u3164\uffa0'])
    for (const request of [
      { command: 'send', text: blank },
      { command: 'edit', text: blank },
      { command: 'rename', name: blank },
    ])
      expect([request, check(request)]).toEqual([request, 'invalid']);
  for (const name of [
    'two\nlines',
    'two\u2028lines',
    'bell\u0007',
    'gr\u200boup',
    'abc\u202e',
    `a${'\u0301'.repeat(50)}`,
  ])
    for (const command of ['rename', 'createChannel', 'createGroup'])
      expect(check({ command, name, users: [] })).toBe('invalid');
  for (const name of ['علی‌رضا', '👩‍👧 family', 'Nhóm học tập']) expect(check({ command: 'rename', name })).toBe('ok');
  expect(check({ command: 'hide', messages: [] })).toBe('invalid');
  expect(check({ command: 'add', users: [] })).toBe('invalid');
  expect(check({ command: 'send', text: '', files: ['a'] })).toBe('ok');
  expect(check({ command: 'draft', text: '' })).toBe('ok');
});

it('a reaction is exactly one emoji as users perceive it', () => {
  const of = (emojis: readonly string[]) => emojis.map((emoji) => check({ command: 'react', emoji }));
  const good = ['👍', '👍🏽', '❤️', '🇩🇪', '3️⃣', '#️⃣', '👨🏽‍👩🏽‍👧🏽‍👦🏽'];
  const wrong = ['', 'x', '3', '#', '👍👍', '👍x', 'x👍', ' 👍', '🇩🇪🇫🇷'];
  expect([of(good), of(wrong)]).toEqual([good.map(() => 'ok'), wrong.map(() => 'invalid')]);
});
