import { chatLimits, type ServerEvent } from '@everywire/chat';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import { type Asked, newCommandId, type TestSession } from './test-session.js';

/*
 * Events that must not arrive. Each test ends with an action whose event must arrive (a fence), and checks the events
 * before it.
 */

let place: TestPlace;
let people: Readonly<Record<'ada' | 'bob' | 'eve', TestPerson>>;
let sessions: Readonly<Record<'ada' | 'bob' | 'eve', TestSession>>;

async function start(options: Parameters<typeof TestPlace.start>[0] = {}): Promise<void> {
  place = await TestPlace.start(options);
  people = { ada: await place.register('ada'), bob: await place.register('bob'), eve: await place.register('eve') };
  const [ada, bob, eve] = [place.connect(people.ada), place.connect(people.bob), place.connect(people.eve)];
  sessions = { ada: await ada, bob: await bob, eve: await eve };
}
afterEach(() => place.stop());

const kindsOf = (events: readonly ServerEvent[]): readonly string[] => events.map(({ event }) => event);
/** Reports that the user is active, or not. */
const present = (session: TestSession, active = true) => session.ok({ command: 'present', active });
const nameOf = ({ sequence, id }: { readonly sequence: number; readonly id: string }) => ({ sequence, id });

test('[CH-30.3] typing is not sent between two people of whom one blocks the other', async () => {
  await start();
  const { ada, bob } = sessions;
  const { conversation } = await bob.ok({ command: 'createDirect', peer: people.ada.id });
  for (const session of [ada, bob]) await session.ok({ command: 'watch', conversations: [conversation] });
  await bob.ok({ command: 'typing', conversation, typing: true });
  await ada.event('typing');
  await ada.ok({ command: 'block', user: people.bob.id, blocked: true });
  for (const session of [ada, bob]) await session.ok({ command: 'typing', conversation, typing: false });
  await ada.ok({ command: 'block', user: people.bob.id, blocked: false });
  await bob.ok({ command: 'send', conversation, text: 'fence' });
  const isFence = (event: ServerEvent): boolean =>
    event.event === 'commit' && event.row?.body.kind === 'text' && event.row.body.text === 'fence';
  for (const session of [ada, bob]) await session.event('commit', isFence);
  expect(kindsOf([...ada.events, ...bob.events]).filter((kind) => kind === 'typing')).toEqual(['typing']);
});

describe('presence', () => {
  beforeEach(() => start());
  const watch = (session: TestSession, ...users: readonly TestPerson[]) =>
    session.ok({ command: 'watchPresence', users: users.map(({ id }) => id) });
  const seen = (session: TestSession): readonly number[] =>
    session.events.flatMap((event) => (event.event === 'presence' ? [event.presence.user] : []));
  const block = (blocked: boolean, id = newCommandId()) =>
    sessions.ada.ok({ command: 'block', user: people.bob.id, blocked, id });

  test('[CH-30.3] [CM-13] a blocked person gets no presence of the blocker, whether they watched before or watch again', async () => {
    const { ada, bob, eve } = sessions;
    const [before, again, after] = [bob, await place.connect(people.bob), await place.connect(people.bob)];
    for (const session of [before, again, eve]) await watch(session, people.ada, people.eve);
    await block(true);
    for (const session of [again, after]) await watch(session, people.ada, people.eve);
    await present(ada);
    await present(ada, false);
    await present(eve);
    for (const session of [before, again, after]) {
      await session.event('presence', ({ presence }) => presence.user === people.eve.id);
      expect(seen(session)).toEqual([people.eve.id]);
    }
    expect(seen(eve)).toEqual([people.ada.id, people.ada.id, people.eve.id]);
  });

  test('[CH-18] [CM-13] an unblocked person gets presence again, also after a late retry of the block', async () => {
    const { ada, bob } = sessions;
    const id = newCommandId();
    await watch(bob, people.ada);
    await block(true, id);
    await block(false);
    await watch(bob, people.ada);
    await block(true, id);
    await present(ada);
    const { presence } = await bob.event('presence');
    expect(presence).toMatchObject({ user: people.ada.id, state: 'online' });
  });

  test('[CM-13.6] a session gets presence only of its latest watch, and none after an empty watch', async () => {
    const { ada, bob, eve } = sessions;
    await watch(bob, people.ada);
    await watch(bob, people.eve);
    await present(ada);
    await present(eve);
    await bob.event('presence');
    expect(seen(bob)).toEqual([people.eve.id]);
    await watch(bob);
    await present(eve, false);
    await bob.settle();
    expect(seen(bob)).toEqual([people.eve.id]);
  });
});

describe.each([
  ['small', {}],
  ['large', { chatLimits: { ...chatLimits, smallMembersMax: 2 } }],
] as const)('a %s group', (_size, options) => {
  let conversation: number;
  beforeEach(async () => {
    await start(options);
    const users = [people.bob.id, people.eve.id];
    ({ conversation } = await sessions.ada.ok({ command: 'createGroup', name: 'Reading', users }));
    for (const session of Object.values(sessions))
      await session.ok({ command: 'watch', conversations: [conversation] });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['left', () => sessions.bob.ok({ command: 'leave', conversation })],
    ['was removed', () => sessions.ada.ok({ command: 'remove', conversation, user: people.bob.id })],
  ])(
    '[CH-3] [CM-10.3] a member who %s gets no event until added again, and all events from then on',
    async (_how, part) => {
      const { ada, bob, eve } = sessions;
      const message = nameOf(await ada.ok({ command: 'send', conversation, text: 'before' }));
      const mine = nameOf(await bob.ok({ command: 'send', conversation, text: 'of bob' }));
      await part();
      await bob.event('commit', ({ row }) => row?.body.kind === 'service' && row.body.service.change !== 'created');
      await bob.settle();
      bob.events.length = 0;
      const acts: readonly Asked[] = [
        { command: 'send', conversation, text: 'calls', mentions: { users: [people.bob.id], all: false } },
        { command: 'send', conversation, text: 'replies', thread: mine },
        { command: 'edit', conversation, message, base: 0, text: 'edited' },
        { command: 'react', conversation, message: mine, emoji: '👍', set: true },
        { command: 'pin', conversation, message: mine, set: true },
        { command: 'recall', conversation, message },
        { command: 'rename', conversation, name: 'Writing' },
        { command: 'typing', conversation, typing: true },
      ];
      for (const act of acts) expect([act.command, await ada.code(act)]).toEqual([act.command, 'ok']);
      await eve.event('typing');
      await ada.ok({ command: 'add', conversation, users: [people.bob.id] });
      const added = await bob.event('commit');
      expect(kindsOf(bob.events)).toEqual(['commit']);
      expect(added.row?.body).toMatchObject({ kind: 'service', service: { change: 'added' } });
      await ada.ok({ command: 'send', conversation, text: 'after' });
      await ada.ok({ command: 'typing', conversation, typing: false });
      await bob.event('typing', ({ typing }) => !typing);
      expect(kindsOf(bob.events)).toEqual(['commit', 'commit', 'typing']);
      expect(bob.events[1]).toMatchObject({ row: { body: { text: 'after' } } });
    },
  );

  test('[CM-10.1] a session that watches another conversation gets no typing of the previous one', async () => {
    const { ada, bob } = sessions;
    const { conversation: other } = await ada.ok({ command: 'createGroup', name: 'Other', users: [people.bob.id] });
    const staying = await place.connect(people.bob);
    await staying.ok({ command: 'watch', conversations: [conversation] });
    await bob.ok({ command: 'watch', conversations: [other] });
    await ada.ok({ command: 'typing', conversation, typing: true });
    await staying.event('typing');
    await ada.ok({ command: 'typing', conversation: other, typing: true });
    await bob.event('typing');
    expect(bob.events.flatMap((event) => (event.event === 'typing' ? [event.conversation] : []))).toEqual([other]);
  });

  test('[CH-18.2] a repeated command gets the same answer and causes no second event', async () => {
    const { ada, eve } = sessions;
    const send = { command: 'send', conversation, text: 'once', id: newCommandId() } as const;
    const first = await ada.ok(send);
    expect(await ada.ok(send)).toEqual(first);
    const fence = await ada.ok({ command: 'send', conversation, text: 'fence' });
    await eve.event('commit', ({ row }) => row?.id === fence.id);
    const sequences = eve.events.flatMap((event) => (event.event === 'commit' ? [event.row?.sequence] : []));
    expect(sequences).toEqual([1, first.sequence, fence.sequence]);
    expect(fence.sequence).toBe(first.sequence + 1);
  });
});

test("[CH-28.1] personal settings are events of the person's own devices only", async () => {
  await start();
  const { ada, bob } = sessions;
  const device = await place.connect(people.ada);
  const { conversation } = await bob.ok({ command: 'createDirect', peer: people.ada.id });
  const message = nameOf(await bob.ok({ command: 'send', conversation, text: 'hello' }));
  await ada.ok({ command: 'delivered', conversation, sequence: message.sequence });
  await bob.event('own');
  bob.events.length = 0;
  const { revision: before } = (await ada.ok({ command: 'entry', conversation })).entry ?? { revision: 0 };
  const own: readonly Asked[] = [
    { command: 'setReceipts', on: false },
    { command: 'read', conversation, sequence: message.sequence },
    { command: 'arrange', conversation, place: 'pinned' },
    { command: 'mute', conversation, until: 1 },
    { command: 'notify', conversation, rule: 'none' },
    { command: 'mark', conversation, marked: true },
    { command: 'draft', conversation, text: 'half a thought', base: 0 },
    { command: 'hide', conversation, messages: [message] },
    { command: 'clear', conversation, sequence: message.sequence },
    { command: 'dismiss', conversation },
    { command: 'block', user: people.bob.id, blocked: true },
    { command: 'block', user: people.bob.id, blocked: false },
  ];
  for (const act of own) expect([act.command, await ada.code(act)]).toEqual([act.command, 'ok']);
  await ada.ok({ command: 'send', conversation, text: 'fence' });
  await bob.event('commit');
  expect(kindsOf(bob.events)).toEqual(['commit']);
  // Every one of these but `setReceipts` changes the entry on the other device.
  const { revision: after } = await device.event('own', ({ revision }) => revision === before + own.length - 1);
  expect(after).toBe(before + own.length - 1);
});
