import type { CommandResult, KeyedCommand, UserId } from '@everywire/chat';
import { expect } from 'vitest';
import { codeOf, type DriverOutcome, type StoreDriver } from '../store-driver.js';
import { type OpeningRule, race } from './race.js';

const [ann, bob, eve, dan] = [1, 2, 3, 4] as const;

/** Rules about the log of one conversation with concurrent writers. */
export const logRules: readonly OpeningRule[] = [
  {
    title: '[CH-5.3] a read that begins after a change sees it, wherever the two are',
    check: async ({ driver, here, there }) => {
      const id = await here.driver.group(ann, [bob]);
      for (const [opening, other] of [
        [here, there],
        [there, here],
      ] as const) {
        const { sequence } = await opening.driver.send(ann, id, 'seen at once');
        expect(await other.driver.entry(bob, id)).toMatchObject({ sequence, preview: { sequence } });
        await opening.driver.read(bob, id, sequence);
        expect(await other.driver.entry(bob, id)).toMatchObject({ read: sequence, unread: 0 });
        expect(await driver.row(bob, id, sequence)).toMatchObject({ body: { text: 'seen at once' } });
      }
    },
  },
  {
    title: '[CH-5.1] [CH-5.3] messages of both have one order without a gap, with true counts',
    check: async (openings, first) => {
      const id = await openings.driver.group(ann, [bob]);
      const three = (user: UserId) => (at: { readonly driver: StoreDriver }) =>
        Promise.all([0, 1, 2].map((number) => at.driver.send(user, id, `${number}`)));
      const [ofAnn, ofBob] = await race(openings, first, three(ann), three(bob));
      const sequences = [...ofAnn, ...ofBob].map(({ sequence }) => sequence);
      expect(sequences.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7]);
      for (const sent of [ofAnn, ofBob]) expect(sent).toEqual(sent.toSorted((a, b) => a.sequence - b.sequence));
      const { rows } = await openings.driver.page(ann, id);
      expect(rows.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(await openings.driver.entry(ann, id)).toMatchObject({ sequence: 7, count: 6, sent: 3, unread: 3 });
    },
  },
  {
    title: '[CH-1.2] [CH-18.2] a command sent to both openings is executed once with the same result',
    check: async (openings, first) => {
      const group = await openings.driver.group(ann, [bob]);
      const commands: readonly KeyedCommand[] = [
        { command: 'send', id: openings.driver.mintId(), conversation: group, text: 'once' },
        { command: 'createGroup', id: openings.driver.mintId(), name: 'once', users: [bob] },
        { command: 'createDirect', id: openings.driver.mintId(), peer: eve },
      ];
      for (const command of commands) {
        const [ofHere, ofThere] = await race(
          openings,
          first,
          ({ driver }) => driver.run(ann, command),
          ({ driver }) => driver.run(ann, command),
        );
        expect([codeOf(ofHere), codeOf(ofThere)].sort()).toEqual(['committed', 'repeated']);
        expect(resultOf(ofHere)).toEqual(resultOf(ofThere));
      }
      const { entries } = await openings.driver.listAll(ann, null);
      expect([entries.length, (await openings.driver.entry(ann, group)).sequence]).toEqual([3, 2]);
    },
  },
  {
    title: '[CH-18.3] of two commands by one name the one that commits first holds',
    check: async (openings, first) => {
      const conversation = await openings.driver.group(ann, [bob]);
      const id = openings.driver.mintId();
      const send = (text: string) => (at: { readonly driver: StoreDriver }) =>
        at.driver.run(ann, { command: 'send', id, conversation, text });
      const [ofHere, ofThere] = await race(openings, first, send('one'), send('another'));
      expect([codeOf(ofHere), codeOf(ofThere)].sort()).toEqual(['committed', 'id_reused']);
      expect((await openings.driver.entry(ann, conversation)).sequence).toBe(2);
    },
  },
  {
    title: 'two people who write to each other concurrently share one conversation',
    check: async (openings, first) => {
      const [ofAnn, ofBob] = await race(
        openings,
        first,
        ({ driver }) => driver.direct(ann, bob),
        ({ driver }) => driver.direct(bob, ann),
      );
      expect(ofAnn).toBe(ofBob);
      for (const user of [ann, bob]) expect((await openings.driver.listAll(user, null)).entries).toHaveLength(1);
      await Promise.all([openings.here.driver.send(ann, ofAnn), openings.there.driver.send(bob, ofBob)]);
      expect(await openings.driver.entry(ann, ofAnn)).toMatchObject({ count: 2, unread: 1, peer: { user: bob } });
    },
  },
  {
    title: 'new conversations of both have names of their own',
    check: async (openings, first) => {
      const create = (name: string) => (at: { readonly driver: StoreDriver }) =>
        Promise.all([at.driver.group(ann, [bob], name), at.driver.group(bob, [ann], name)]);
      const [ofHere, ofThere] = await race(openings, first, create('here'), create('there'));
      const made = [...ofHere, ...ofThere];
      expect(new Set(made).size).toBe(4);
      const named = await Promise.all(made.map(async (id) => (await openings.driver.entry(ann, id)).name));
      expect(named).toEqual(['here', 'here', 'there', 'there']);
    },
  },
  {
    title: '[CH-3.2] a removed member cannot send',
    check: async (openings, first) => {
      const id = await openings.driver.group(ann, [bob]);
      const [, said] = await race(
        openings,
        first,
        ({ driver }) => driver.remove(ann, id, bob),
        ({ driver }) => driver.code(bob, { command: 'send', conversation: id, text: 'still here' }),
      );
      const { rows } = await openings.driver.page(ann, id);
      const senders = rows.map(({ sender, body }) => (body.kind === 'service' ? 'service' : sender));
      expect(senders).toEqual(said === 'committed' ? ['service', bob, 'service'] : ['service', 'service']);
      expect(['committed', 'not_member']).toContain(said);
      expect(await openings.driver.entry(bob, id)).toMatchObject({ member: false, ended: 'removed' });
    },
  },
  {
    title: '[CH-14.1] [CH-14.2] a change that began before a cursor and commits after it is returned to that cursor',
    check: async (openings, first) => {
      const { driver } = openings;
      const [id, other] = [await driver.group(ann, [bob]), await driver.group(ann, [bob])];
      const late = first === 'here' ? openings.there : openings.here;
      const soon = first === 'here' ? openings.here : openings.there;
      const before = (await driver.listAll(bob, null)).cursor;
      late.gate.hold();
      const begun = late.driver.send(ann, id, 'begun first');
      await late.rest();
      await soon.driver.send(ann, other, 'begun second');
      const between = await driver.listAll(bob, before);
      expect(between.entries.map(({ conversation }) => conversation)).toContain(other);
      late.gate.release();
      await begun;
      const after = await driver.listAll(bob, between.cursor);
      expect(after.entries).toContainEqual(expect.objectContaining({ conversation: id, sequence: 2, unread: 1 }));
    },
  },
  {
    title: '[CH-13.5] a group that becomes large is stamped for all members despite concurrent writes',
    limits: { smallMembersMax: 3 },
    check: async (openings, first) => {
      const { driver } = openings;
      const id = await driver.group(ann, [bob, eve]);
      const before = (await driver.listAll(bob, null)).cursor;
      await race(
        openings,
        first,
        (at) => at.driver.add(ann, id, dan),
        (at) => at.driver.send(bob, id),
      );
      await openings.there.driver.send(ann, id);
      const wanted = { large: true, sequence: 4, memberCount: 4, unread: 1 };
      expect((await driver.listAll(bob, before)).entries).toMatchObject([wanted]);
      expect((await driver.listAll(bob, null)).entries).toMatchObject([wanted]);
    },
  },
];

function resultOf(outcome: DriverOutcome): CommandResult | null {
  return outcome.outcome === 'refused' ? null : outcome.result;
}
