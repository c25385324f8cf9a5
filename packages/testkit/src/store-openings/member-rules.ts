import type { ConversationId } from '@everywire/chat';
import { expect } from 'vitest';
import { codeOf } from '../store-driver.js';
import { type OpeningRule, type Openings, race, raceInOrder } from './race.js';

const [ann, bob, eve, dan] = [1, 2, 3, 4] as const;

/** Rules about members' rows, and decisions based on them, with concurrent writes of the same row. */
export const memberRules: readonly OpeningRule[] = [
  {
    title: '[CH-19.2] a message does not revert concurrent changes of its sender: cursors, draft, place',
    check: async (openings, first) => {
      const id = await talked(openings);
      await race(
        openings,
        first,
        ({ driver }) => driver.send(bob, id),
        ({ driver }) =>
          Promise.all([
            driver.read(bob, id, 3),
            driver.draft(bob, id, 'not sent yet', 0),
            driver.do(bob, { command: 'arrange', conversation: id, place: 'pinned' }),
          ]),
      );
      const kept = { draft: { text: 'not sent yet', revision: 1 }, place: 'pinned', sent: 1 };
      expect(await openings.driver.entry(bob, id)).toMatchObject({ read: 3, unread: 1, ...kept });
    },
  },
  {
    title: '[CH-19.1] counts at the head are correct when a message is read and sent concurrently',
    check: async (openings, first) => {
      const id = await talked(openings);
      await race(
        openings,
        first,
        ({ driver }) => driver.read(bob, id, 1_000),
        ({ driver }) => driver.send(bob, id),
      );
      expect(await openings.driver.entry(bob, id)).toMatchObject({ sent: 1, unread: 0 });
      const [, { sequence }] = await race(
        openings,
        first,
        ({ driver }) => driver.read(bob, id, 1_000),
        ({ driver }) => driver.send(ann, id),
      );
      const { read, unread } = await openings.driver.entry(bob, id);
      expect([read, unread]).toEqual(read === sequence ? [sequence, 0] : [sequence - 1, 1]);
    },
  },
  {
    title: '[CH-23.1] concurrent read positions of two direct peers are both kept and shown to each other',
    check: async (openings, first) => {
      const id = await openings.driver.direct(ann, bob);
      for (const user of [ann, bob]) await openings.driver.send(user, id);
      await race(
        openings,
        first,
        ({ driver }) => driver.read(ann, id, 3),
        ({ driver }) => driver.read(bob, id, 2),
      );
      expect(await openings.driver.entry(ann, id)).toMatchObject({ read: 3, peer: { shown: 2 } });
      expect(await openings.driver.entry(bob, id)).toMatchObject({ read: 2, peer: { shown: 3 } });
    },
  },
  {
    title: '[CH-21.3] a reply does not revert a concurrent read position in its thread',
    check: async (openings, first) => {
      const id = await talked(openings);
      const thread = { sequence: 2, id: (await openings.driver.row(bob, id, 2))?.id ?? '' };
      await openings.driver.sendWith(bob, id, { thread });
      for (const _ of [1, 2]) await openings.driver.sendWith(ann, id, { thread });
      expect((await openings.driver.entry(bob, id)).threads).toMatchObject([{ root: 2, unread: 2 }]);
      await race(
        openings,
        first,
        ({ driver }) => driver.sendWith(bob, id, { thread }),
        ({ driver }) => driver.read(bob, id, 7, 2),
      );
      expect((await openings.driver.entry(bob, id)).threads).toEqual([]);
    },
  },
  {
    title: 'of two drafts from one base the one that commits first is kept',
    check: async (openings, first) => {
      const id = await talked(openings);
      const drafts = await race(
        openings,
        first,
        ({ driver }) => driver.draft(bob, id, 'here', 0),
        ({ driver }) => driver.draft(bob, id, 'there', 0),
      );
      expect(drafts.map(({ accepted }) => accepted).sort()).toEqual([false, true]);
      const { draft } = drafts.find(({ accepted }) => accepted) ?? {};
      expect((await openings.driver.entry(bob, id)).draft).toEqual(draft);
    },
  },
  {
    title:
      'one of two concurrent edits of a text gets a conflict, and concurrent reactions of two people are both kept',
    check: async (openings, first) => {
      const id = await talked(openings);
      const message = { sequence: 2, id: (await openings.driver.row(ann, id, 2))?.id ?? '' };
      const named = { conversation: id, message };
      const codes = await race(
        openings,
        first,
        ({ driver }) => driver.code(ann, { command: 'edit', ...named, base: 0, text: 'here' }),
        ({ driver }) => driver.code(ann, { command: 'edit', ...named, base: 0, text: 'there' }),
      );
      expect(codes.toSorted()).toEqual(['committed', 'edit_conflict']);
      await race(
        openings,
        first,
        ({ driver }) => driver.do(ann, { command: 'react', ...named, emoji: '🎣', set: true }),
        ({ driver }) => driver.do(bob, { command: 'react', ...named, emoji: '🎣', set: true }),
      );
      const row = await openings.driver.row(ann, id, 2);
      const users = row?.reactions?.flatMap((reaction) => reaction.users).toSorted();
      expect([row?.body, users]).toEqual([
        { kind: 'text', text: codes[0] === 'committed' ? 'here' : 'there' },
        [ann, bob],
      ]);
    },
  },
  {
    title: 'the last place in a group is taken once, and so is the last use of an invitation',
    limits: { groupMembersMax: 3 },
    check: async (openings, first) => {
      const { driver } = openings;
      const [full, invited] = [await driver.group(ann, [bob]), await driver.group(ann, [])];
      const added = await race(
        openings,
        first,
        (at) => at.driver.code(ann, { command: 'add', conversation: full, users: [eve] }),
        (at) => at.driver.code(bob, { command: 'add', conversation: full, users: [dan] }),
      );
      expect([added.toSorted(), (await driver.entry(ann, full)).memberCount]).toEqual([['committed', 'too_many'], 3]);
      const secret = 'a'.repeat(32);
      await driver.do(ann, { command: 'createInvite', conversation: invited, secret, expiresAt: null, usesMax: 1 });
      const joined = await race(
        openings,
        first,
        (at) => at.driver.code(eve, { command: 'join', conversation: invited, secret }),
        (at) => at.driver.code(dan, { command: 'join', conversation: invited, secret }),
      );
      expect(joined.toSorted()).toEqual(['committed', 'invite_ended']);
      expect((await driver.entry(ann, invited)).memberCount).toBe(2);
    },
  },
  {
    title: 'a group has one owner when it is handed over and left concurrently',
    check: async (openings, first) => {
      const id = await openings.driver.group(ann, [bob, eve]);
      await race(
        openings,
        first,
        ({ driver }) => driver.code(ann, { command: 'setRole', conversation: id, user: bob, role: 'owner' }),
        ({ driver }) => driver.code(ann, { command: 'setRole', conversation: id, user: eve, role: 'owner' }),
      );
      const rolesOf = async () => {
        const entries = await Promise.all([ann, bob, eve].map((user) => openings.driver.entry(user, id)));
        return entries.filter(({ member }) => member).map(({ role }) => role);
      };
      expect((await rolesOf()).toSorted()).toEqual(['admin', 'member', 'owner']);
      const [owner, heir] = (await openings.driver.entry(bob, id)).role === 'owner' ? [bob, eve] : [eve, bob];
      await race(
        openings,
        first,
        ({ driver }) => driver.leave(owner, id),
        ({ driver }) => driver.code(owner, { command: 'setRole', conversation: id, user: heir, role: 'owner' }),
      );
      expect((await rolesOf()).filter((role) => role === 'owner')).toHaveLength(1);
    },
  },
  {
    title: '[CH-30.1] no message reaches a user who has blocked its sender',
    check: async (openings, first) => {
      const id = await openings.driver.direct(ann, bob);
      const { answers, before } = await raceInOrder(
        openings,
        first,
        ({ driver }) => driver.do(bob, { command: 'block', user: ann, blocked: true }),
        ({ driver }) => driver.code(ann, { command: 'send', conversation: id, text: 'hello' }),
      );
      const [, said] = answers;
      expect(before === 'here' ? ['blocked'] : ['blocked', 'committed']).toContain(said);
      for (const { driver } of [openings.here, openings.there])
        expect(await driver.code(ann, { command: 'send', conversation: id, text: 'still' })).toBe('blocked');
      expect((await openings.driver.entry(bob, id)).count).toBe(said === 'committed' ? 1 : 0);
    },
  },
  {
    title: '[CH-40.2] a suspended account cannot send',
    check: async (openings, first) => {
      const { accounts, driver } = openings;
      const user = await accounts.createUser({ name: 'x', displayName: 'x', passwordHash: null, createdAt: 1 });
      const id = await driver.group(ann, [user?.id ?? 0]);
      const send = (at: typeof openings.here) =>
        at.store.change({
          target: { by: 'id', conversation: id },
          needs: { members: [], openMembers: false, messages: [], largeCounts: false, thread: null },
          key: { user: user?.id ?? 0, id: at.driver.mintId(), hash: '', at: 1 },
          active: [user?.id ?? 0],
          decide: () => ({ outcome: 'accepted', changes: null, result: {}, notices: [] }),
        });
      const { answers, before } = await raceInOrder(
        openings,
        first,
        (at) => at.accounts.suspendUser(user?.id ?? 0, 1),
        send,
      );
      expect(before === 'here' ? ['not_found'] : ['not_found', 'committed']).toContain(codeOf(answers[1]));
      for (const at of [openings.here, openings.there]) expect(codeOf(await send(at))).toBe('not_found');
    },
  },
];

/** Creates a group of two with three messages of the first member. */
async function talked({ driver }: Pick<Openings, 'driver'>): Promise<ConversationId> {
  const id = await driver.group(ann, [bob]);
  await driver.sendMany(ann, id, 3);
  return id;
}
