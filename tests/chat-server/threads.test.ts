import { chatLimits } from '@everywire/chat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import type { Asked, TestSession } from './test-session.js';

/* The threads a person follows, over all conversations: who sees them, and how they are queried. */

type Name = 'ann' | 'bob' | 'eve';

let place: TestPlace;
const people = {} as Record<Name, TestPerson>;
const sessions = {} as Record<Name, TestSession>;

beforeAll(async () => {
  place = await TestPlace.start({
    limits: { searchesAtOnce: 1_000 },
    chatLimits: { ...chatLimits, threadsPageMax: 2 },
  });
  for (const name of ['ann', 'bob', 'eve'] as const) {
    people[name] = await place.register(name);
    sessions[name] = await place.connect(people[name]);
  }
});
afterAll(() => place.stop());

const threads = (after: Extract<Asked, { readonly command: 'threads' }>['after'] = null) =>
  ({ command: 'threads', after }) as const;

/** Creates a group in which Bob replies to a message of Ann. Both then follow the thread. */
async function startThread(text: string) {
  const { conversation } = await sessions.ann.ok({ command: 'createGroup', name: text, users: [people.bob.id] });
  const { sequence, id } = await sessions.ann.ok({ command: 'send', conversation, text });
  await sessions.bob.ok({ command: 'send', conversation, text: `to ${text}`, thread: { sequence, id } });
  return { conversation, root: sequence, id };
}

test('[CH-35.1] a person sees the threads they began or wrote in, the newest first, and no one else does', async () => {
  const one = await startThread('one');
  const two = await startThread('two');
  for (const name of ['ann', 'bob'] as const) {
    const answer = await sessions[name].ok(threads());
    expect(answer.threads.map(({ conversation, root }) => ({ conversation, root }))).toEqual(
      [two, one].map(({ conversation, root }) => ({ conversation, root })),
    );
    expect(answer.threads[0]).toMatchObject({
      unread: name === 'ann' ? 1 : 0,
      message: { body: { text: 'two' }, replies: 1 },
      last: { sender: people.bob.id, body: { text: 'to two' } },
    });
  }
  expect(await sessions.eve.ok(threads())).toMatchObject({ threads: [], next: null });
});

test('[CH-3.2] [CH-35.3] a former member loses their threads, and a mentioned member gets no root from before they joined', async () => {
  const { conversation, root, id } = await startThread('three');
  const before = await sessions.bob.ok(threads());
  expect(before.threads[0]).toMatchObject({ conversation, root });
  await sessions.ann.ok({ command: 'add', conversation, users: [people.eve.id] });
  const mentions = { users: [people.eve.id], all: false };
  await sessions.ann.ok({ command: 'send', conversation, text: 'eve?', thread: { sequence: root, id }, mentions });
  const called = await sessions.eve.ok(threads());
  expect(called).toMatchObject({ threads: [{ conversation, root, message: null, unread: 1, mentions: 1 }] });
  expect(JSON.stringify(called)).not.toContain('to three');
  await sessions.ann.ok({ command: 'remove', conversation, user: people.bob.id });
  expect(JSON.stringify(await sessions.bob.ok(threads()))).not.toContain('three');
});

test('[CH-35.4] a page continues where the previous one ended, over REST as well', async () => {
  const started = [];
  for (const text of ['x', 'y', 'z']) started.unshift(await startThread(text));
  const first = await sessions.ann.ok(threads());
  expect(first.threads).toHaveLength(2);
  const response = await place.rest('POST', '/api/commands/threads', { after: first.next }, people.ann.token);
  const second = (await response.json()) as typeof first;
  const found = [...first.threads, ...second.threads].map(({ conversation }) => conversation);
  expect(found.slice(0, 3)).toEqual(started.map(({ conversation }) => conversation));
});

test('too frequent queries for threads are rate limited', async () => {
  const strict = await TestPlace.start({ limits: { searchesAtOnce: 1, searchRefillMs: 3_600_000 } });
  const session = await strict.connect(await strict.register('ann'));
  expect(await session.code(threads())).toBe('ok');
  expect(await session.code(threads())).toBe('rate_limited');
  await strict.stop();
});
