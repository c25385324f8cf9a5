import { chatLimits, StoreError } from '@everywire/chat';
import type { TransportName } from '@everywire/client';
import { afterEach, describe, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import { newCommandId, type TestSession } from './test-session.js';

const places: TestPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

async function start(options?: Parameters<typeof TestPlace.start>[0]): Promise<TestPlace> {
  const place = await TestPlace.start(options);
  places.push(place);
  return place;
}

/** Two users with a session each (`a`, `b`), and their direct conversation. */
interface Pair {
  readonly place: TestPlace;
  readonly ada: TestPerson;
  readonly bob: TestPerson;
  readonly a: TestSession;
  readonly b: TestSession;
  readonly conversation: number;
}

async function pair(transport: TransportName = 'websocket'): Promise<Pair> {
  const place = await start();
  const [ada, bob] = [await place.register('ada'), await place.register('bob')];
  const [a, b] = [await place.connect(ada, transport), await place.connect(bob, transport)];
  const { conversation } = await a.ok({ command: 'createDirect', peer: bob.id });
  return { place, ada, bob, a, b, conversation };
}

test.each<TransportName>(['websocket', 'event-stream', 'fetch-stream', 'long-poll'])(
  '[CH-1] two people talk over %s: the answer follows the commit, and the other person gets the row',
  async (transport) => {
    const { place, ada, a, b, conversation } = await pair(transport);
    const sent = await a.ok({ command: 'send', conversation, text: 'hello' });
    const event = await b.event('commit', ({ row }) => row?.body.kind === 'text');
    expect(event).toMatchObject({ conversation, row: { id: sent.id, sender: ada.id, body: { text: 'hello' } } });
    const page = await b.ok({ command: 'page', conversation, anchor: { at: 'end' }, limit: 30, check: null });
    expect(page).toMatchObject({ outcome: 'page', rows: [{ sequence: 1 }, { sequence: sent.sequence, id: sent.id }] });
    if (page.outcome === 'page') expect(Object.keys(page.rows.at(-1) ?? {})).not.toContain('senderOrdinal');
    const list = await b.ok({ command: 'list', cursor: null });
    expect(list.entries).toMatchObject([{ conversation, unread: 1, peer: { user: ada.id } }]);
    expect(place.lines.filter((line) => line.includes('failed'))).toEqual([]);
  },
);

test('[CH-1] [CM-1.1] commands sent together by one session are committed and sent to others in that order', async () => {
  const { a, b, conversation } = await pair();
  const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
  const answers = await Promise.all(texts.map((text) => a.ok({ command: 'send', conversation, text })));
  expect(answers.map((answer) => answer.sequence)).toEqual(texts.map((_, index) => index + 2));
  await b.event('commit', ({ after }) => after.sequence === 101);
  const received = b.events.flatMap((event) => (event.event === 'commit' ? [event.after.sequence] : []));
  expect(received).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
});

test('[CH-1] [CM-1.2] a bad command gets a typed error, and the commands around it are run', async () => {
  const { a, conversation } = await pair();
  const answers = await Promise.all([
    a.code({ command: 'send', conversation, text: 'before' }),
    a.code({ command: 'send', conversation, text: '' }),
    a.code({ command: 'send', conversation, text: '\u200b\n' }),
    a.code({ command: 'send', conversation, text: '界'.repeat(5_462) }),
    a.code({ command: 'send', conversation: 999, text: 'nowhere' }),
    a.code({ command: 'send', conversation, text: 'x', id: 'short' }),
    a.code({ command: 'rename', conversation, name: 'no group' }),
    a.code({ command: 'createDirect', peer: 999 }),
    a.code({ command: 'createGroup', name: 'a\nb', users: [] }),
    a.code({ command: 'send', conversation, text: 'after' }),
  ]);
  expect(answers).toEqual([
    ...['ok', 'invalid', 'invalid', 'too_long', 'not_found', 'invalid'],
    ...['denied', 'not_found', 'invalid', 'ok'],
  ]);
});

test.each([
  ['not JSON', -1, '{'],
  ['not an object', -1, '7'],
  ['no number to answer to', -1, '{"command":"present","active":true}'],
  ['an unknown command', 7, '{"i":7,"command":"drop"}'],
  ['a command of Object.prototype', 7, '{"i":7,"command":"toString"}'],
  ['a field too many', 7, '{"i":7,"command":"present","active":true,"admin":1}'],
  ['an id that is no number', 7, '{"i":7,"command":"entry","conversation":"7"}'],
  ['a number beyond the safe ones', 7, '{"i":7,"command":"entry","conversation":9007199254740993}'],
])('[CM-2.2] [CM-2.5] %s is answered with invalid, and the session continues', async (_name, i, text) => {
  const { a } = await pair();
  expect(await a.askRaw(text, i)).toEqual({ i, error: { code: 'invalid', retryable: false } });
  await a.settle();
});

test('[CM-2.4] [CM-2.5] a command that is too long or binary is refused without parsing', async () => {
  const { a } = await pair();
  expect(await a.askRaw(' '.repeat(128 * 1024 + 1), -1)).toMatchObject({ error: { code: 'too_long' } });
  expect(await a.askRaw(new Uint8Array([0x7b]), -1)).toMatchObject({ error: { code: 'invalid' } });
});

test('[CM-5.1] [CM-5.2] a page of long messages has fewer rows, so that it fits into one message', async () => {
  const { a, conversation } = await pair();
  const text = '界'.repeat(5_461);
  await Promise.all(Array.from({ length: 30 }, () => a.ok({ command: 'send', conversation, text })));
  const page = await a.ok({ command: 'page', conversation, anchor: { at: 'end' }, limit: 30, check: null });
  if (page.outcome !== 'page') throw new Error(page.outcome);
  expect(page.rows.map((row) => row.sequence)).toEqual(Array.from({ length: 15 }, (_, index) => index + 17));
  expect(page.covers).toEqual([17, 31]);
});

test('[CM-5.1] [CM-5.3] pinned messages are returned as far as they fit into one answer, over a session and REST', async () => {
  const { place, ada, a, conversation } = await pair();
  for (let sent = 0; sent < 17; sent += 1) {
    const { sequence, id } = await a.ok({ command: 'send', conversation, text: 'a'.repeat(16_384) });
    await a.ok({ command: 'pin', conversation, message: { sequence, id }, set: true });
  }
  const answer = await a.ok({ command: 'pins', conversation });
  if (answer.outcome !== 'messages') throw new Error(answer.outcome);
  expect([answer.rows.length, answer.more]).toEqual([15, true]);
  const rest = await place.rest('POST', '/api/commands/pins', { conversation }, ada.token);
  expect(await rest.json()).toEqual(answer);
});

test('[CM-7] a person has a limited number of sessions: a further one ends the oldest', async () => {
  const place = await start({ limits: { sessionsPerUserMax: 2 } });
  const ada = await place.register('ada');
  const [first, second] = [await place.connect(ada), await place.connect(ada)];
  const third = await place.connect(ada);
  expect(await first.closed).toBe('replaced');
  await second.settle();
  await third.settle();
});

test('[CH-18.2] [CH-18.3] [pain 1] a repeated command gets the first answer, and another command with its id is refused', async () => {
  const { a, b, conversation } = await pair();
  const id = newCommandId();
  const first = await a.ok({ command: 'send', id, conversation, text: 'once' });
  expect(await a.ok({ command: 'send', id, conversation, text: 'once' })).toEqual(first);
  expect(await a.code({ command: 'send', id, conversation, text: 'twice' })).toBe('id_reused');
  expect(await b.ok({ command: 'send', id, conversation, text: 'mine' })).toMatchObject({
    sequence: first.sequence + 1,
  });
});

test('[CH-17.1] an added member gets that event, and a removed one gets that and none after it', async () => {
  const place = await start();
  const [ada, bob] = [await place.register('ada'), await place.register('bob')];
  const [a, b] = [await place.connect(ada), await place.connect(bob)];
  const { conversation } = await a.ok({ command: 'createGroup', name: 'Reading', users: [] });
  await a.ok({ command: 'send', conversation, text: 'before bob' });
  await a.ok({ command: 'add', conversation, users: [bob.id] });
  await a.ok({ command: 'send', conversation, text: 'for bob' });
  await a.ok({ command: 'remove', conversation, user: bob.id });
  await a.ok({ command: 'send', conversation, text: 'after bob' });
  await b.settle();
  const received = b.events.flatMap((event) => (event.event === 'commit' ? [event.row?.body] : []));
  expect(received).toEqual([
    { kind: 'service', service: { change: 'added', users: [bob.id] } },
    { kind: 'text', text: 'for bob' },
    { kind: 'service', service: { change: 'removed', users: [bob.id] } },
  ]);
  expect(await b.code({ command: 'send', conversation, text: 'still here?' })).toBe('not_member');
});

test.each(['busy', 'full', 'unknown'] as const)(
  '[CM-3.2] [CM-3.3] when the store answers %s, the command reports it, may be retried, and takes effect once',
  async (code) => {
    const place = await start();
    const a = await place.connect(await place.register('ada'));
    const { conversation } = await a.ok({ command: 'createGroup', name: 'Reading', users: [] });
    const change = place.store.change.bind(place.store);
    place.store.change = () => Promise.reject(new StoreError(code, 'as a disk would'));
    const id = newCommandId();
    const refused = await a.ask({ command: 'send', id, conversation, text: 'once' });
    expect(refused).toMatchObject({ error: { code, retryable: true } });
    place.store.change = change;
    await a.ok({ command: 'send', id, conversation, text: 'once' });
    const page = await a.ok({ command: 'page', conversation, anchor: { at: 'end' }, limit: 9, check: null });
    expect(page).toMatchObject({ rows: [{ sequence: 1 }, { sequence: 2 }] });
  },
);

test('[CM-3.2] a row the store cannot read is answered with damaged and not retryable, by a session and by REST', async () => {
  const place = await start();
  const ada = await place.register('ada');
  const a = await place.connect(ada);
  const { conversation } = await a.ok({ command: 'createGroup', name: 'Reading', users: [] });
  const damaged = (): Promise<never> => Promise.reject(new StoreError('damaged', 'as a disk would'));
  Object.assign(place.store, { change: damaged, page: damaged });
  const refused = await a.ask({ command: 'send', id: newCommandId(), conversation, text: 'once' });
  expect(refused).toMatchObject({ error: { code: 'damaged', retryable: false } });
  const answer = await fetch(`${place.url}/api/commands/page`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ conversation, anchor: { at: 'end' }, limit: 9, check: null }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'damaged', retryable: false }]);
});

test('a defect is answered with internal and logged without the text of the message', async () => {
  const place = await start();
  const a = await place.connect(await place.register('ada'));
  const { conversation } = await a.ok({ command: 'createGroup', name: 'Reading', users: [] });
  place.store.change = () => Promise.reject(new TypeError('x is not a function'));
  expect(await a.code({ command: 'send', conversation, text: 'confidential' })).toBe('internal');
  expect(place.lines.join('\n')).toContain('Command send of session');
  expect(place.lines.join('\n')).not.toContain('confidential');
});

describe('a large conversation', () => {
  test('[CH-17.6] [CH-17.7] events of a large conversation reach only members on this node, with the row only during their membership', async () => {
    const place = await start({ chatLimits: { ...chatLimits, smallMembersMax: 2 } });
    const [ada, bob, eve, zoe] = [
      await place.register('ada'),
      await place.register('bob'),
      await place.register('eve'),
      await place.register('zoe'),
    ];
    const [a, b, e] = [await place.connect(ada), await place.connect(bob), await place.connect(eve)];
    const { conversation } = await a.ok({ command: 'createGroup', name: 'Hall', users: [bob.id, zoe.id] });
    await a.ok({ command: 'send', conversation, text: 'large' });
    await b.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'large');
    const z = await place.connect(zoe);
    await z.settle();
    await a.ok({ command: 'remove', conversation, user: bob.id });
    await a.ok({ command: 'send', conversation, text: 'without bob' });
    await z.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'without bob');
    await a.ok({ command: 'add', conversation, users: [eve.id] });
    await a.ok({ command: 'send', conversation, text: 'with eve' });
    await e.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'with eve');
    await b.settle();
    const bodies = (session: TestSession): unknown[] =>
      session.events.flatMap((event) => (event.event === 'commit' ? [event.row?.body] : []));
    expect(bodies(b).at(-1)).toEqual({ kind: 'service', service: { change: 'removed', users: [bob.id] } });
    expect(bodies(e)).toEqual([
      { kind: 'service', service: { change: 'added', users: [eve.id] } },
      { kind: 'text', text: 'with eve' },
    ]);
  });
});
