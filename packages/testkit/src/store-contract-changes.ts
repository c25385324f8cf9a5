import { type KeyedCommand, noChanges, noNeeds } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './store-under-test.js';

const [ann, bob, eve] = [1, 2, 3];

/** Describes the idempotency, atomicity and order of `change`. */
export function describeStoreChanges(open: OpenStore): void {
  describe('change', () => {
    it('[CH-5.3] numbers the messages of a conversation without a gap, in commit order', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const sent = await Promise.all([ann, bob, ann, bob, ann].map((user) => driver.send(user, id)));
      expect(sent.map((result) => result.sequence)).toEqual([2, 3, 4, 5, 6]);
      const page = await driver.page(bob, id);
      expect(page.rows.map((row) => [row.sequence, row.ordinal])).toEqual([
        [1, 0],
        [2, 1],
        [3, 2],
        [4, 3],
        [5, 4],
        [6, 5],
      ]);
      expect(page.rows.map((row) => row.senderOrdinal)).toEqual([0, 1, 1, 2, 2, 3]);
      expect(page.head).toEqual({ sequence: 6, modification: 0 });
    });

    it('[CH-5.3] resolves the changes of one conversation in commit order', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const order: number[] = [];
      const sends = Array.from({ length: 20 }, async () => order.push((await driver.send(ann, id)).sequence));
      await Promise.all(sends);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    });

    it('[CH-1.2] [CH-18.2] returns the first result for a repeated command and writes nothing', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const command: KeyedCommand = { command: 'send', id: driver.mintId(), conversation: id, text: 'once' };
      const first = await driver.run(ann, command);
      await driver.send(bob, id);
      const second = await driver.run(ann, command);
      expect(first.outcome).toBe('committed');
      expect(second).toMatchObject({ outcome: 'repeated', result: { sequence: 2 } });
      expect(second).toEqual({
        outcome: 'repeated',
        epoch: await driver.store.epoch(),
        result: first.outcome === 'committed' ? first.result : null,
      });
      expect((await driver.page(bob, id)).head.sequence).toBe(3);
    });

    it('[CH-18.2] returns the same result for two equal concurrent commands', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const command: KeyedCommand = { command: 'send', id: driver.mintId(), conversation: id, text: 'once' };
      const outcomes = await Promise.all([driver.run(ann, command), driver.run(ann, command)]);
      expect(outcomes.map((outcome) => outcome.outcome)).toEqual(['committed', 'repeated']);
      expect((await driver.page(bob, id)).head.sequence).toBe(2);
    });

    it('[CH-18.3] rejects a known id with another command', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const command: KeyedCommand = { command: 'send', id: driver.mintId(), conversation: id, text: 'once' };
      await driver.run(ann, command);
      expect(await driver.run(ann, { ...command, text: 'other' })).toEqual({ outcome: 'refused', code: 'id_reused' });
    });

    it('[CH-18.1] keeps the command ids of two users separate', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const command: KeyedCommand = { command: 'send', id: driver.mintId(), conversation: id, text: 'mine' };
      expect((await driver.run(ann, command)).outcome).toBe('committed');
      expect((await driver.run(bob, command)).outcome).toBe('committed');
    });

    it('[CH-18.5] deletes a key after its lifetime, and not before', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const command: KeyedCommand = { command: 'send', id: driver.mintId(), conversation: id, text: 'again' };
      await driver.run(ann, command);
      driver.pass(29 * 86_400_000);
      expect((await driver.run(ann, command)).outcome).toBe('repeated');
      driver.pass(2 * 86_400_000);
      expect((await driver.run(ann, command)).outcome).toBe('committed');
    });

    it('[CH-18.4] keeps no key of a rejected command', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const command: KeyedCommand = { command: 'send', id: driver.mintId(), conversation: id, text: 'let me in' };
      expect(await driver.run(eve, command)).toEqual({ outcome: 'refused', code: 'not_found' });
      await driver.add(ann, id, eve);
      expect((await driver.run(eve, command)).outcome).toBe('committed');
    });

    it('[CH-18.2] keeps the key of a command that changed nothing', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob], 'name');
      const command: KeyedCommand = { command: 'rename', id: driver.mintId(), conversation: id, name: 'name' };
      expect((await driver.run(ann, command)).outcome).toBe('committed');
      await driver.rename(ann, id, 'other');
      expect((await driver.run(ann, command)).outcome).toBe('repeated');
      expect((await driver.entry(bob, id)).name).toBe('other');
    });

    it('writes nothing of a change whose decision throws, and leaves neighbouring changes intact', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const broken = driver.store.change({
        target: { by: 'id', conversation: id },
        needs: noNeeds,
        key: { user: ann, id: driver.mintId(), hash: '', at: driver.now },
        decide: () => {
          throw new Error('a bug');
        },
      });
      const [first, failed, second] = await Promise.allSettled([driver.send(ann, id), broken, driver.send(bob, id)]);
      expect([first.status, failed.status, second.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((await driver.page(bob, id)).head.sequence).toBe(3);
    });

    it('[CH-5.2] rejects any change that leaves a gap in a log, and keeps the log unchanged', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const [message] = (await driver.page(ann, id)).rows;
      if (message === undefined) throw new Error('an empty page');
      const gap = driver.store.change({
        target: { by: 'id', conversation: id },
        needs: noNeeds,
        key: { user: ann, id: driver.mintId(), hash: '', at: driver.now },
        decide: ({ conversation }) => ({
          outcome: 'accepted',
          changes: {
            ...noChanges,
            conversation: conversation === null ? null : { ...conversation, sequence: 3 },
            append: [{ ...message, sequence: 3 }],
          },
          result: {},
          notices: null,
        }),
      });
      await expect(gap).rejects.toThrow();
      expect((await driver.send(bob, id)).sequence).toBe(2);
    });

    it('passes a decision the requested rows as the previous changes left them', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob, eve]);
      const writes = [driver.send(ann, id, 'first'), driver.remove(ann, id, eve)];
      const seen = driver.store.change({
        target: { by: 'id', conversation: id },
        needs: { ...noNeeds, members: [bob, eve, 99], messages: [2, 50], largeCounts: true },
        key: { user: ann, id: driver.mintId(), hash: '', at: driver.now },
        decide: (rows) => ({ outcome: 'accepted', changes: null, result: {}, notices: rows }),
      });
      await Promise.all(writes);
      const outcome = await seen;
      if (outcome.outcome !== 'committed') throw new Error(outcome.outcome);
      const rows = outcome.notices;
      expect(rows.epoch).toBe(await driver.store.epoch());
      expect(rows.conversation).toMatchObject({
        id,
        sequence: 3,
        count: 1,
        membersAt: 3,
        memberCount: 2,
        large: false,
      });
      expect([...rows.members.keys()].toSorted()).toEqual([bob, eve]);
      expect(rows.members.get(eve)?.periods).toEqual([{ from: 1, to: 3, toModification: 0 }]);
      expect(rows.members.get(eve)?.ended).toEqual({ how: 'removed', name: 'group' });
      expect(rows.open).toEqual([ann, bob]);
      expect([...rows.messages.keys()]).toEqual([2]);
      expect(rows.messages.get(2)?.body).toEqual({ kind: 'text', text: 'first' });
    });

    it('passes all open members of a small conversation when they are needed', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob, eve]);
      await driver.leave(eve, id);
      const outcome = await driver.store.change({
        target: { by: 'id', conversation: id },
        needs: { ...noNeeds, members: [eve], openMembers: true },
        key: { user: ann, id: driver.mintId(), hash: '', at: driver.now },
        decide: (rows) => ({
          outcome: 'accepted',
          changes: null,
          result: {},
          notices: [...rows.members.keys()].toSorted(),
        }),
      });
      expect(outcome).toMatchObject({ outcome: 'committed', notices: [ann, bob, eve] });
    });

    it('stores every field', async () => {
      const { driver } = await open();
      const id = await driver.direct(bob, ann);
      const text = 'line one\nline two \u0000 "quoted" 你好 👋🏽';
      await driver.send(ann, id, text);
      const [created, message] = (await driver.page(bob, id)).rows;
      expect(created?.body).toEqual({ kind: 'service', service: { change: 'created' } });
      expect(message).toEqual({
        conversation: id,
        sequence: 2,
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        sender: ann,
        commandId: expect.stringMatching(/^[0-9a-f]{32}$/),
        body: { kind: 'text', text },
        sentAt: driver.now,
        modification: 0,
        ordinal: 1,
        senderOrdinal: 1,
      });
    });

    it('creates one direct conversation of two people, whichever of them requests it and however often', async () => {
      const { driver } = await open();
      const ids = await Promise.all([
        driver.direct(ann, bob),
        driver.direct(bob, ann),
        driver.direct(ann, bob),
        driver.direct(ann, eve),
      ]);
      expect(new Set(ids.slice(0, 3)).size).toBe(1);
      expect(ids[3]).not.toBe(ids[0]);
      expect((await driver.entry(bob, ids[0] ?? 0)).peer).toMatchObject({ user: ann, shown: 0, delivered: 0 });
    });
  });
}
