import { type ChatLimits, type ConversationId, chatLimits, type MessageName, type Notice } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import type { DriverOutcome, StoreDriver, Unkeyed } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve] = [1, 2, 3];

/** Describes actions on former members, and the state of a member who is added again. */
export function describeStoreFormer(open: OpenStore): void {
  describe.each<[string, ChatLimits]>([
    ['small', chatLimits],
    ['large', lowLimits({ smallMembersMax: 1 })],
  ])('former members of a %s group', (_size, limits) => {
    /** Creates a group that ann owns, with a text by bob at sequence 2; bob, an admin, was removed. */
    const started = async () => {
      const { driver } = await open(limits);
      const id: ConversationId = await driver.group(ann, [bob, eve]);
      const { sequence, id: name } = await driver.send(bob, id, 'of bob');
      await driver.do(ann, { command: 'setRole', conversation: id, user: bob, role: 'admin' });
      await driver.do(bob, { command: 'arrange', conversation: id, place: 'pinned' });
      await driver.do(bob, { command: 'mute', conversation: id, until: 9_999_999 });
      await driver.do(bob, { command: 'notify', conversation: id, rule: 'none' });
      await driver.remove(ann, id, bob);
      return { driver, id, message: { sequence, id: name } };
    };
    const noticesOf = (outcome: DriverOutcome): readonly Notice[] =>
      outcome.outcome === 'committed' ? outcome.notices : [];
    const run = (driver: StoreDriver, actor: number, command: Unkeyed): Promise<DriverOutcome> =>
      driver.run(actor, { ...command, id: driver.mintId() } as Parameters<StoreDriver['run']>[1]);
    const nameOf = ({ sequence, id }: MessageName): MessageName => ({ sequence, id });

    it('[CH-20.3] no text or edit mentions a former member, although the same mentions reach others', async () => {
      const { driver, id } = await started();
      const called = await driver.sendWith(ann, id, { mentions: { users: [bob, eve], all: false } });
      const alone = await driver.sendWith(ann, id, { mentions: { users: [bob], all: false } });
      const plain = await driver.send(ann, id);
      await driver.do(ann, {
        command: 'edit',
        conversation: id,
        message: nameOf(plain),
        base: 0,
        text: 'edited',
        mentions: { users: [bob], all: false },
      });
      await driver.add(ann, id, bob);
      const rows = await driver.messages(ann, id, [called, alone, plain].map(nameOf));
      expect(rows.map(({ mentions }) => mentions?.users)).toEqual([[eve], undefined, undefined]);
      expect(await driver.entry(bob, id)).toMatchObject({ mentions: 0, mentionAt: null });
      await driver.sendWith(ann, id, { mentions: { users: [bob], all: false } });
      expect(await driver.entry(bob, id)).toMatchObject({ mentions: 1 });
    });

    it('[CH-21.4] a reply to or mention of a former member does not make them follow the thread', async () => {
      const { driver, id, message } = await started();
      const other = nameOf(await driver.send(ann, id));
      await driver.sendWith(eve, id, { thread: message });
      await driver.sendWith(eve, id, { thread: other, mentions: { users: [bob], all: false } });
      await driver.add(ann, id, bob);
      expect((await driver.store.threads(bob, null, 20)).threads).toEqual([]);
      expect(await driver.entry(bob, id)).toMatchObject({ threads: [], threadsUnread: 0 });
      await driver.sendWith(eve, id, { thread: message });
      expect(await driver.entry(bob, id)).toMatchObject({ threads: [{ root: message.sequence, unread: 1 }] });
    });

    it('[CH-27.1] a former member cannot get a role or the group, and is removed only once', async () => {
      const { driver, id } = await started();
      const before = (await driver.page(ann, id)).head;
      for (const role of ['reader', 'admin', 'owner'] as const)
        expect(await driver.code(ann, { command: 'setRole', conversation: id, user: bob, role })).toBe('not_found');
      expect(await driver.code(ann, { command: 'remove', conversation: id, user: bob })).toBe('committed');
      expect((await driver.page(ann, id)).head).toEqual(before);
    });

    it('[CH-27.5] the successor of an owner who leaves is a member, not an admin who has left', async () => {
      const { driver, id } = await started();
      await driver.leave(ann, id);
      expect(await driver.entry(eve, id)).toMatchObject({ role: 'owner', memberCount: 1 });
    });

    it('[CH-3.1] actions of others on a message of a former member work, and its author is not notified', async () => {
      const { driver, id, message } = await started();
      const mark = { conversation: id, message } as const;
      const acts: readonly Unkeyed[] = [
        { command: 'send', conversation: id, text: 'quoting', quote: message },
        { command: 'send', conversation: id, text: 'replying', thread: message },
        { command: 'forward', conversation: id, from: id, message },
        { ...mark, command: 'react', emoji: '👍', set: true },
        { ...mark, command: 'pin', set: true },
        { ...mark, command: 'recall' },
        { command: 'rename', conversation: id, name: 'other' },
      ];
      const notified: (readonly number[])[] = [];
      for (const act of acts) {
        const outcome = await run(driver, ann, act);
        expect([act.command, outcome.outcome]).toEqual([act.command, 'committed']);
        for (const notice of noticesOf(outcome)) notified.push(notice.to === 'users' ? notice.users : []);
      }
      expect(notified).toHaveLength(acts.length);
      expect(notified.flat()).not.toContain(bob);
      expect(await driver.code(bob, { ...mark, command: 'recall' })).toBe('not_member');
    });

    it('[CH-19.4] [CH-27.4] [CH-28.8] a returning member starts like any member, without unread messages of the time between', async () => {
      const { driver, id } = await started();
      await driver.sendMany(ann, id, 3);
      await driver.add(ann, id, bob);
      expect(await driver.entry(bob, id)).toMatchObject({
        role: 'member',
        place: 'normal',
        mute: 0,
        notify: 'mentions',
        unread: 0,
        ended: null,
        memberCount: 3,
      });
      await driver.send(ann, id);
      expect((await driver.entry(bob, id)).unread).toBe(1);
    });
  });
  it('[CH-27.3] [CH-27.4] a member who returns to a channel is a reader, whatever their earlier role and way of joining', async () => {
    const { driver } = await open();
    const created = await driver.do(ann, { command: 'createChannel', name: 'news', join: 'anyone' });
    const id = 'conversation' in created ? created.conversation : 0;
    const join = { command: 'join', conversation: id, secret: null } as const;
    const returns = [() => driver.do(bob, join), () => driver.add(ann, id, bob)];
    await driver.do(bob, join);
    for (const comeBack of returns) {
      await driver.do(ann, { command: 'setRole', conversation: id, user: bob, role: 'admin' });
      await driver.leave(bob, id);
      await comeBack();
      expect(await driver.entry(bob, id)).toMatchObject({ member: true, role: 'reader' });
    }
  });
}
