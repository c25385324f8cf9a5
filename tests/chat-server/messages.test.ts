import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import type { Asked, TestSession } from './test-session.js';

/* Actions on messages through real sessions: the answers, and the events that others get. */

let place: TestPlace;
let people: { readonly ada: TestPerson; readonly bob: TestPerson };
/** The sessions of Ada and Bob. */
let a: TestSession;
let b: TestSession;
let conversation: number;

beforeAll(async () => {
  place = await TestPlace.start();
  people = { ada: await place.register('ada'), bob: await place.register('bob') };
  [a, b] = [await place.connect(people.ada), await place.connect(people.bob)];
  conversation = (await a.ok({ command: 'createGroup', name: 'Group', users: [people.bob.id] })).conversation;
});
afterAll(() => place.stop());

/** Sends a message of Ada and returns its name. */
async function sent(text = 'text'): Promise<{ readonly sequence: number; readonly id: string }> {
  const { sequence, id } = await a.ok({ command: 'send', conversation, text });
  return { sequence, id };
}

test('[CH-6.2] a reaction is sent as the whole row, and must be exactly one emoji', async () => {
  const message = await sent();
  const react = (emoji: string): Asked => ({ command: 'react', conversation, message, emoji, set: true });
  for (const wrong of ['', 'x', '1', '👍👍', '<b>', ' 👍', '👍'.repeat(40)])
    expect(await b.code(react(wrong))).toBe('invalid');
  for (const emoji of ['👍', '❤️', '👨‍👩‍👧‍👦', '🇨🇳', '1️⃣']) expect(await b.code(react(emoji))).toBe('ok');
  const event = await a.event('commit', ({ row }) => row?.reactions?.length === 5);
  expect(event.row?.reactions?.[0]).toEqual({ emoji: '👍', users: [people.bob.id] });
});

test('an edit is sent to others, keeps the previous version, and is refused with the current row if based on another', async () => {
  const message = await sent('first');
  const edit = (text: string, base: number): Asked => ({ command: 'edit', conversation, message, base, text });
  const { modification } = await a.ok({ command: 'edit', conversation, message, base: 0, text: 'second' });
  await b.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'second');
  const answer = await a.ask(edit('third', 0));
  expect(answer).toMatchObject({ error: { code: 'edit_conflict', row: { body: { text: 'second' } } } });
  expect(await b.code(edit('mine', modification))).toBe('denied');
  const versions = await b.ok({ command: 'versions', conversation, message, before: null });
  expect(versions).toMatchObject({
    versions: [{ modification: 0, body: { kind: 'text', text: 'first' } }],
    more: false,
  });
});

test('a recall leaves no text to read, and a hide sends no event to the other person', async () => {
  const [recalled, hidden] = [await sent('regretted'), await sent('unwanted')];
  await a.ok({ command: 'recall', conversation, message: recalled });
  await b.event('commit', ({ row }) => row?.body.kind === 'recalled');
  await b.ok({ command: 'hide', conversation, messages: [hidden] });
  const page = await b.ok({ command: 'page', conversation, anchor: { at: 'end' }, limit: 100, check: null });
  const text = JSON.stringify(page);
  expect([text.includes('regretted'), text.includes('unwanted')]).toEqual([false, false]);
  await a.settle();
  expect(a.events.filter((event) => event.event === 'own')).toEqual([]);
  expect(JSON.stringify(await a.ok({ command: 'messages', conversation, names: [hidden] }))).toContain('unwanted');
});

test("[CH-20.1] [CH-21.4] a mention in a thread is counted apart from the conversation's unread messages", async () => {
  const root = await sent('root');
  await b.ok({ command: 'read', conversation, sequence: root.sequence });
  const mentions = { users: [people.bob.id], all: false };
  const reply = await a.ok({ command: 'send', conversation, text: 'look', thread: root, mentions });
  expect(reply).toMatchObject({ thread: { root: root.sequence, ordinal: 1 }, mentions });
  const commit = await b.event('commit', ({ root: touched }) => touched === root.sequence);
  expect(commit.row?.thread).toEqual({ root: root.sequence, ordinal: 1 });
  const { entry } = await b.ok({ command: 'entry', conversation });
  expect(entry).toMatchObject({ unread: 0, mentions: 0, threads: [{ root: root.sequence, unread: 1, mentions: 1 }] });
  await b.ok({ command: 'read', conversation, sequence: reply.sequence, thread: root.sequence });
  expect((await b.ok({ command: 'entry', conversation })).entry).toMatchObject({ threads: [], threadsUnread: 0 });
});

test('[CH-3.1] [CH-22.3] a forward needs a message its sender may read, and names the author', async () => {
  const message = await sent('quotable');
  const { conversation: elsewhere } = await b.ok({ command: 'createGroup', name: 'Other', users: [] });
  const { sequence } = await b.ok({ command: 'forward', conversation: elsewhere, from: conversation, message });
  const page = await b.ok({ command: 'page', conversation: elsewhere, anchor: { at: 'end' }, limit: 1, check: null });
  expect(page).toMatchObject({
    rows: [{ sequence, body: { text: 'quotable' }, forwarded: { sender: people.ada.id } }],
  });
  const secret = { sequence, id: page.outcome === 'page' ? (page.rows[0]?.id ?? '') : '' };
  expect(await a.code({ command: 'forward', conversation, from: elsewhere, message: secret })).toBe('not_found');
  await a.ok({ command: 'pin', conversation, message, set: true });
  expect(await b.ok({ command: 'pins', conversation })).toMatchObject({ rows: [{ sequence: message.sequence }] });
});
