import type { ConversationId, MessageName } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve] = [1, 2, 3];
/** No mentions. */
const plain = { users: [], all: false };

/** Describes marks, edits, recalls, hidden messages and mentions. */
export function describeStoreMessages(open: OpenStore): void {
  describe('messages', () => {
    /** Creates a group of ann and bob with one text by ann at sequence 2. */
    const started = async (limits = lowLimits({})) => {
      const underTest = await open(limits);
      const { driver } = underTest;
      const id: ConversationId = await driver.group(ann, [bob]);
      const message: MessageName = await driver.send(ann, id, 'first');
      return { ...underTest, driver, id, message: { sequence: message.sequence, id: message.id } };
    };
    const sequences = (rows: readonly { readonly sequence: number }[]): readonly number[] =>
      rows.map(({ sequence }) => sequence);

    it('stores every mark of a message, reopening included', async () => {
      const { driver, id, message, reopen } = await started();
      const { driver: second } = { driver };
      await second.sendWith(bob, id, { quote: message, mentions: { users: [ann, ann, 99], all: true } });
      await driver.do(bob, { command: 'react', conversation: id, message, emoji: '👍', set: true });
      await driver.do(ann, { command: 'react', conversation: id, message, emoji: '👍', set: true });
      await driver.do(ann, { command: 'react', conversation: id, message, emoji: '❤️', set: true });
      await driver.do(ann, { command: 'edit', conversation: id, message, base: 0, text: 'edited', mentions: plain });
      const editedAt = driver.now;
      await driver.do(bob, { command: 'pin', conversation: id, message, set: true });
      const pinnedAt = driver.now;
      await driver.do(ann, { command: 'forward', conversation: id, from: id, message });
      const check = async (reader: StoreDriver): Promise<void> => {
        const [, first, quoting, forwarded] = (await reader.page(bob, id)).rows;
        expect(first).toMatchObject({
          body: { kind: 'text', text: 'edited' },
          modification: 5,
          edited: { at: editedAt, modification: 4, count: 1 },
          pinned: { by: bob, at: pinnedAt },
          reactions: [
            { emoji: '👍', users: [bob, ann] },
            { emoji: '❤️', users: [ann] },
          ],
        });
        expect(quoting).toMatchObject({ quote: message, mentions: { users: [ann], all: true } });
        expect(forwarded).toMatchObject({
          body: { kind: 'text', text: 'edited' },
          forwarded: { sender: ann, sentAt: first?.sentAt },
        });
        expect(forwarded).not.toHaveProperty('reactions');
      };
      await check(driver);
      await check(new StoreDriver(await reopen(), lowLimits({})));
    });

    it('[CH-6.2] [CH-6.6] has one row and one modification for each reaction, and none for a repeated one', async () => {
      const { driver, id, message } = await started();
      const react = (user: number, set: boolean) =>
        driver.do(user, { command: 'react', conversation: id, message, emoji: '👍', set });
      expect(await react(bob, true)).toEqual({ modification: 1 });
      expect(await react(bob, true)).toEqual({ modification: 1 });
      expect(await react(ann, false)).toEqual({ modification: 1 });
      await react(ann, true);
      expect((await driver.row(bob, id, 2))?.reactions).toEqual([{ emoji: '👍', users: [bob, ann] }]);
      await react(bob, false);
      await react(ann, false);
      expect(await driver.row(bob, id, 2)).not.toHaveProperty('reactions');
      expect((await driver.page(bob, id)).head).toEqual({ sequence: 2, modification: 4 });
    });

    it('keeps the text before each edit, and rejects an edit that is based on another text', async () => {
      const { driver, id, message } = await started();
      const edit = (text: string, base: number) =>
        ({ command: 'edit', conversation: id, message, base, text }) as const;
      const sentAt = driver.now;
      await driver.do(ann, edit('second', 0));
      const secondAt = driver.now;
      const outcome = await driver.run(ann, { ...edit('other', 0), id: driver.mintId() });
      expect(outcome).toMatchObject({
        outcome: 'refused',
        code: 'edit_conflict',
        row: { sequence: 2, body: { text: 'second' }, edited: { modification: 1 } },
      });
      await driver.do(ann, edit('third', 1));
      expect(await driver.code(bob, edit('mine', 2))).toBe('denied');
      expect(await driver.do(ann, edit('third', 0))).toEqual({ modification: 2 });
      const { store } = driver;
      expect(await store.versions(bob, id, message, { before: null, limit: 1 })).toEqual({
        outcome: 'versions',
        epoch: await store.epoch(),
        versions: [{ modification: 1, body: { kind: 'text', text: 'second' }, at: secondAt }],
        more: true,
      });
      expect(await store.versions(bob, id, message, { before: 1, limit: 5 })).toMatchObject({
        versions: [{ modification: 0, body: { text: 'first' }, at: sentAt }],
        more: false,
      });
      expect(await store.versions(eve, id, message, { before: null, limit: 5 })).toMatchObject({
        outcome: 'not_member',
      });
      const wrong = { ...message, id: '0'.repeat(16) };
      expect(await store.versions(bob, id, wrong, { before: null, limit: 5 })).toMatchObject({ versions: [] });
    });

    it('removes all of a recalled message except its place, by its sender within the time limit or by the owner', async () => {
      const { driver, id, message } = await started(lowLimits({ recallMs: 1_000 }));
      await driver.do(ann, { command: 'edit', conversation: id, message, base: 0, text: 'edited' });
      await driver.do(bob, { command: 'react', conversation: id, message, emoji: '👍', set: true });
      await driver.do(bob, { command: 'pin', conversation: id, message, set: true });
      const own = await driver.sendWith(bob, id, { quote: message, mentions: { users: [ann], all: false } });
      const theirs = { sequence: own.sequence, id: own.id };
      const recall = (name: MessageName) => ({ command: 'recall', conversation: id, message: name }) as const;
      expect(await driver.code(bob, recall(message))).toBe('denied');
      await driver.do(ann, recall(message));
      expect(await driver.do(ann, recall(message))).toEqual({ modification: 4 });
      const row = await driver.row(bob, id, 2);
      expect(row).toEqual({
        ...{ conversation: id, sequence: 2, id: message.id, sender: ann, commandId: expect.any(String) },
        ...{ body: { kind: 'recalled', by: ann }, sentAt: expect.any(Number), modification: 4 },
        ...{ ordinal: 1, senderOrdinal: 1 },
      });
      expect(await driver.store.versions(bob, id, message, { before: null, limit: 5 })).toMatchObject({ versions: [] });
      expect(await driver.store.pins(bob, id)).toMatchObject({ outcome: 'messages', rows: [] });
      driver.pass(2_000);
      expect(await driver.code(bob, recall(theirs))).toBe('too_late');
      expect((await driver.entry(ann, id)).mentions).toBe(1);
      await driver.do(ann, recall(theirs));
      expect(await driver.entry(ann, id)).toMatchObject({ mentions: 0, unread: 0 });
    });

    it('identifies a message by its id too, and only one that the user may see', async () => {
      const { driver, id, message } = await started();
      const wrong = { ...message, id: '0'.repeat(16) };
      await driver.add(ann, id, eve);
      const react = (name: MessageName) =>
        ({ command: 'react', conversation: id, message: name, emoji: '👍', set: true }) as const;
      expect(await driver.code(bob, react(wrong))).toBe('not_found');
      expect(await driver.code(eve, react(message))).toBe('not_found');
      expect(await driver.code(eve, { command: 'send', conversation: id, text: 'x', quote: message })).toBe(
        'not_found',
      );
      expect(await driver.code(eve, { command: 'forward', conversation: id, from: id, message })).toBe('not_found');
      expect(await driver.code(bob, react(message))).toBe('committed');
    });

    it('[CH-3.1] returns the pins that a member may see, up to the limit', async () => {
      const { driver, id, message } = await started(lowLimits({ pinsMax: 2 }));
      const pin = (name: MessageName, set = true) =>
        ({ command: 'pin', conversation: id, message: name, set }) as const;
      const second = await driver.send(ann, id);
      const before = await driver.entry(bob, id);
      await driver.do(bob, pin(message));
      await driver.add(ann, id, eve);
      const third = await driver.send(ann, id);
      await driver.do(eve, pin({ sequence: third.sequence, id: third.id }));
      expect(await driver.code(ann, pin({ sequence: second.sequence, id: second.id }))).toBe('too_many');
      const pinsOf = async (user: number) => {
        const pins = await driver.store.pins(user, id);
        return pins.outcome === 'messages' ? sequences(pins.rows) : pins.outcome;
      };
      expect([await pinsOf(bob), await pinsOf(eve), await pinsOf(99)]).toEqual([[2, 5], [5], 'not_member']);
      await driver.do(ann, pin(message, false));
      expect(await pinsOf(bob)).toEqual([5]);
      expect([before.pinsAt, (await driver.entry(bob, id)).pinsAt]).toEqual([0, 3]);
    });

    it('[CH-19.1] [CH-48.1] [CH-48.2] removes a hidden message, with its unread count, from one view only', async () => {
      const { driver, id, message } = await started();
      const last = await driver.send(ann, id, 'last');
      const hide = (...messages: readonly MessageName[]) => ({ command: 'hide', conversation: id, messages }) as const;
      const { cursor } = await driver.listAll(bob, null);
      const anns = await driver.entry(ann, id);
      await driver.do(bob, hide({ sequence: last.sequence, id: last.id }));
      const entry = await driver.entry(bob, id);
      expect(entry).toMatchObject({ unread: 1, hidden: 1, preview: { sequence: 2 }, hiddenAt: entry.revision });
      expect(await driver.entry(ann, id)).toEqual(anns);
      expect(sequences((await driver.listAll(bob, cursor)).entries.map(() => message))).toEqual([2]);
      await driver.do(bob, hide({ sequence: last.sequence, id: last.id }));
      expect(await driver.entry(bob, id)).toEqual(entry);
      const page = await driver.page(bob, id);
      expect([sequences(page.rows), page.covers, page.hiddenAt]).toEqual([[1, 2], [1, 3], entry.hiddenAt]);
      expect(sequences((await driver.page(ann, id)).rows)).toEqual([1, 2, 3]);
      await driver.touch(id, 3);
      expect(await driver.store.changes(bob, id, 0, 10)).toMatchObject({ rows: [], to: 1 });
      expect(await driver.messages(bob, id, [{ sequence: last.sequence, id: last.id }])).toEqual([]);
      await driver.read(bob, id, 3);
      expect(await driver.entry(bob, id)).toMatchObject({ unread: 0, hidden: 0 });
      // Hiding a message that never counted does not change the count.
      await driver.rename(ann, id, 'other');
      await driver.send(ann, id);
      const [service] = (await driver.page(bob, id, { limit: 2 })).rows;
      await driver.do(bob, hide({ sequence: 4, id: service?.id ?? '' }));
      expect(await driver.entry(bob, id)).toMatchObject({ unread: 1, hidden: 0 });
    });

    for (const smallMembersMax of [200, 1]) {
      it(`[CH-19.1] [CH-19.3] does not count recalled messages, hidden ones and mentions included (${smallMembersMax} in small ones)`, async () => {
        const { driver, id, message } = await started(lowLimits({ smallMembersMax }));
        const all = { users: [], all: true };
        const last = await driver.sendWith(ann, id, { mentions: all });
        const own = await driver.send(bob, id);
        const recall = ({ sequence, id: name }: MessageName) =>
          driver.do(ann, { command: 'recall', conversation: id, message: { sequence, id: name } });
        const counted = async (user: number) => {
          const { unread, hidden, mentions, mentionAt } = await driver.entry(user, id);
          return [unread, hidden, mentions, mentionAt];
        };
        expect([await counted(bob), await counted(ann)]).toEqual([
          [2, 0, 1, 3],
          [1, 0, 0, null],
        ]);
        const { cursor } = await driver.listAll(bob, null);
        await recall(last);
        expect(await counted(bob)).toEqual([1, 1, 0, null]);
        expect((await driver.listAll(bob, cursor)).entries).toEqual([await driver.entry(bob, id)]);
        // Hidden before and after the recall: subtracted once.
        await driver.do(bob, { command: 'hide', conversation: id, messages: [message] });
        await recall(message);
        expect(await counted(bob)).toEqual([0, 2, 0, null]);
        const { sequence, id: name } = last;
        await driver.do(bob, { command: 'hide', conversation: id, messages: [{ sequence, id: name }] });
        expect(await counted(bob)).toEqual([0, 2, 0, null]);
        // Own messages never count.
        await recall(own);
        expect([await counted(bob), await counted(ann)]).toEqual([
          [0, 2, 0, null],
          [0, 1, 0, null],
        ]);
        await driver.send(ann, id);
        expect(await counted(bob)).toEqual([1, 2, 0, null]);
        await driver.read(bob, id, 4);
        expect(await counted(bob)).toEqual([1, 0, 0, null]);
      });
    }

    it('[CH-48.3] [CH-48.4] returns messages hidden since, in pages that end between two commands', async () => {
      const { driver, id } = await started();
      await driver.sendMany(ann, id, 5);
      const names = (await driver.page(bob, id)).rows.map(({ sequence, id: name }) => ({ sequence, id: name }));
      const hide = (from: number, to: number) =>
        driver.do(bob, { command: 'hide', conversation: id, messages: names.slice(from, to) });
      await hide(1, 4);
      await hide(4, 5);
      await hide(5, 6);
      const first = await driver.store.hidden(bob, id, 0, 2);
      if (first.outcome !== 'hidden') throw new Error(first.outcome);
      expect([first.sequences, first.more]).toEqual([[2, 3, 4], true]);
      const rest = await driver.store.hidden(bob, id, first.to, 2);
      if (rest.outcome !== 'hidden') throw new Error(rest.outcome);
      expect([rest.sequences, rest.more, rest.to]).toEqual([[5, 6], false, (await driver.entry(bob, id)).hiddenAt]);
      expect(await driver.store.hidden(bob, id, rest.to, 2)).toMatchObject({ sequences: [], more: false, to: rest.to });
      expect(await driver.store.hidden(ann, id, 0, 2)).toMatchObject({ sequences: [], to: 0 });
      expect(await driver.store.hidden(eve, id, 0, 2)).toMatchObject({ outcome: 'not_member' });
    });

    it('[CH-20.1] [CH-20.2] [CH-20.4] counts current mentions above read, by name and of everyone, by others', async () => {
      const { driver, id } = await started(lowLimits({ mentionsShownMax: 3 }));
      const call = (user: number, users: readonly number[], all = false) =>
        driver.sendWith(user, id, { mentions: { users, all } });
      const mentions = async (user: number) => {
        const entry = await driver.entry(user, id);
        return [entry.mentions, entry.mentionAt];
      };
      const one = await call(ann, [bob]); // 3
      await call(ann, [bob], true); // 4
      await call(bob, [], true); // 5
      expect([await mentions(bob), await mentions(ann)]).toEqual([
        [2, 3],
        [1, 5],
      ]);
      const message = { sequence: one.sequence, id: one.id };
      await driver.do(ann, { command: 'edit', conversation: id, message, base: 0, text: 'plain', mentions: plain });
      expect(await mentions(bob)).toEqual([1, 4]);
      await driver.read(bob, id, 4);
      await driver.do(ann, {
        ...{ command: 'edit', conversation: id, message, base: 1, text: 'again' },
        mentions: { users: [bob], all: false },
      });
      expect(await mentions(bob)).toEqual([0, null]);
      for (let more = 0; more < 6; more += 1) await call(ann, [bob]);
      expect(await mentions(bob)).toEqual([4, 6]);
      await driver.leave(bob, id);
      expect(await mentions(bob)).toEqual([0, null]);
      await driver.add(ann, id, bob);
      expect(await mentions(bob)).toEqual([0, null]);
    });
  });
}
