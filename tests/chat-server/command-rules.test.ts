import { StoreError } from '@everywire/chat';
import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';
import { newCommandId, type TestSession } from './test-session.js';

/* Rules of docs/spec/commands.md that no other test covers. */

let place: TestPlace;
afterEach(() => place.stop());

/** Starts a server and returns a session and the id of its group. */
async function inGroup(options: Parameters<typeof TestPlace.start>[0] = {}): Promise<[TestSession, number]> {
  place = await TestPlace.start(options);
  const session = await place.connect(await place.register('ada'));
  const { conversation } = await session.ok({ command: 'createGroup', name: 'Reading', users: [] });
  return [session, conversation];
}

/** Returns the texts in a conversation. */
const textsIn = async (session: TestSession, conversation: number): Promise<readonly string[]> => {
  const page = await session.ok({ command: 'page', conversation, anchor: { at: 'end' }, limit: 9, check: null });
  if (page.outcome !== 'page') throw new Error(page.outcome);
  return page.rows.flatMap(({ body }) => (body.kind === 'text' ? [body.text] : []));
};

test('[CM-3.1] a command is answered only after its commit, and the commands after it wait', async () => {
  const [session, conversation] = await inGroup();
  const { change } = place.store;
  let commit = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const held = new Promise<void>((resolve) => {
    place.store.change = async (request) => {
      resolve();
      await released;
      return change.call(place.store, request) as never;
    };
  });
  const answered: string[] = [];
  const note = (name: string) => (): void => void answered.push(name);
  const sent = session.ok({ command: 'send', conversation, text: 'held' }).then(note('send'));
  const asked = session.ok({ command: 'privacy' }).then(note('privacy'));
  await held;
  const other = await place.connect(await place.register('bob'));
  await other.settle();
  expect(answered).toEqual([]);
  commit();
  await Promise.all([sent, asked]);
  expect(answered).toEqual(['send', 'privacy']);
});

test('[CM-3.3] after `unknown`, the same command with the same id takes effect once, even if it was committed', async () => {
  const [session, conversation] = await inGroup();
  const { change } = place.store;
  place.store.change = async (request) => {
    await change.call(place.store, request);
    throw new StoreError('unknown', 'the disk said nothing');
  };
  const command = { command: 'send', id: newCommandId(), conversation, text: 'once' } as const;
  expect(await session.ask(command)).toMatchObject({ error: { code: 'unknown', retryable: true } });
  place.store.change = change;
  expect(await session.ok(command)).toMatchObject({ sequence: 2 });
  expect(await textsIn(session, conversation)).toEqual(['once']);
});

test('[CM-5.4] named messages that are too long for one answer are refused, and fewer are returned', async () => {
  const [session, conversation] = await inGroup();
  const names: { sequence: number; id: string }[] = [];
  for (let sent = 0; sent < 17; sent += 1) {
    const { sequence, id } = await session.ok({ command: 'send', conversation, text: 'a'.repeat(16_384) });
    names.push({ sequence, id });
  }
  expect(await session.code({ command: 'messages', conversation, names })).toBe('too_many');
  const fewer = await session.ok({ command: 'messages', conversation, names: names.slice(0, 15) });
  expect(fewer).toMatchObject({ outcome: 'messages', rows: { length: 15 } });
});

test('[CM-8.2] a session without a valid token is refused with unauthorized', async () => {
  place = await TestPlace.start();
  const ada = await place.register('ada');
  for (const token of ['', `${ada.token.slice(0, -1)}${ada.token.endsWith('0') ? '1' : '0'}`, 'ewt_']) {
    const session = place.open({ ...ada, token });
    session.opened.catch(() => undefined);
    expect([token.length, await session.closed]).toEqual([token.length, 'unauthorized']);
  }
});

test('[CM-10.2] a set with a conversation of others is refused, and the previous set remains', async () => {
  const [ada, conversation] = await inGroup();
  const bob = await place.register('bob');
  await ada.ok({ command: 'add', conversation, users: [bob.id] });
  const typist = await place.connect(bob);
  await ada.ok({ command: 'watch', conversations: [conversation] });
  const { conversation: other } = await ada.ok({ command: 'createGroup', name: 'Other', users: [bob.id] });
  expect(await ada.code({ command: 'watch', conversations: [other, 999] })).toBe('not_found');
  await typist.ok({ command: 'typing', conversation: other, typing: true });
  await typist.ok({ command: 'typing', conversation, typing: true });
  // Hints of one conversation keep their order: once this message has arrived, so has the typing, if it was sent.
  await typist.ok({ command: 'send', conversation, text: 'fence' });
  await ada.event('commit', ({ row }) => row?.body.kind === 'text');
  expect(ada.events.flatMap((event) => (event.event === 'typing' ? [event.conversation] : []))).toEqual([conversation]);
});
