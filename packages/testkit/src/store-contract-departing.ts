import {
  type Accounts,
  chatLimits,
  type FileRecords,
  type MessageName,
  planCommand,
  planEraseText,
  planEraseUnseen,
  type UserId,
} from '@everywire/chat';
import { describe, expect, it, vi } from 'vitest';
import { registerUser } from './people-under-test.js';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve, dan] = [1, 2, 3, 4];

/** Describes the traces of deleted accounts in conversations and their removal. */
export function describeStoreDeparting(open: OpenStore): void {
  describe('departing', () => {
    describeMemberships(open);
    describeEmptyGroups(open);
    describeStates(open);
    describeTexts(open);
    describeForgetting(open);
  });
}

function describeMemberships(open: OpenStore): void {
  it('[CH-40.1] lists every conversation that a user is or was in, except deleted ones', async () => {
    const { driver } = await open(lowLimits({ smallMembersMax: 2 }));
    const notes = createdBy(await driver.do(ann, { command: 'createNotes' }));
    const direct = await driver.direct(bob, ann);
    const large = await driver.group(bob, [ann, eve]);
    const left = await driver.group(ann, [bob]);
    await driver.leave(ann, left);
    const gone = await driver.group(ann, [bob]);
    await driver.do(ann, { command: 'delete', conversation: gone });
    await driver.do(ann, { command: 'dismiss', conversation: direct });
    await driver.group(bob, [eve]);
    expect(await driver.store.memberships(ann)).toEqual([
      { conversation: notes, kind: 'notes', open: true },
      { conversation: direct, kind: 'direct', open: true },
      { conversation: large, kind: 'group', open: true },
      { conversation: left, kind: 'group', open: false },
    ]);
    expect(await driver.store.memberships(dan)).toEqual([]);
  });

  it('[CH-27.6] the successor of an owner who leaves is a member who is not to be avoided, if there is one', async () => {
    const { driver } = await open();
    const id = await driver.group(ann, [bob, eve, dan]);
    await driver.do(ann, { command: 'setRole', conversation: id, user: eve, role: 'admin' });
    const leave = (user: UserId, heirsAvoided: readonly UserId[]) =>
      driver.act(user, (context) =>
        planCommand({ command: 'leave', id: context.commandId, conversation: id }, { ...context, heirsAvoided }),
      );
    await leave(ann, [bob, eve]);
    expect((await driver.entry(dan, id)).role).toBe('owner');
    await leave(dan, [bob, eve]);
    expect((await driver.entry(eve, id)).role).toBe('owner');
  });

  it("[CH-40.1] an account's notes are deleted, and no other conversation", async () => {
    const { driver, kept } = await open();
    const notes = createdBy(await driver.do(ann, { command: 'createNotes' }));
    await driver.send(ann, notes, 'wolverine in the attic');
    const direct = await driver.direct(ann, bob);
    const sent = await driver.send(ann, direct, 'said to bob');
    for (const conversation of [notes, direct]) {
      const outcome = await driver.act(ann, (context) => planEraseUnseen(conversation, context));
      expect(outcome.outcome).toBe('committed');
    }
    expect((await driver.entry(ann, notes)).ended).toBe('deleted');
    expect((await driver.row(bob, direct, sent.sequence))?.body).toEqual({ kind: 'text', text: 'said to bob' });
    await vi.waitFor(async () => expect(await kept()).not.toContain('wolverine'), { timeout: 20_000 });
  });
}

function describeEmptyGroups(open: OpenStore): void {
  it('[CH-40.7] a group without members is deleted with its name, whoever left last; a group that has members or that anyone may join is not', async () => {
    const { driver, kept } = await open();
    const alone = await driver.group(ann, []);
    const left = await driver.group(ann, [bob]);
    const inhabited = await driver.group(ann, [bob, eve]);
    for (const id of [alone, left, inhabited])
      await driver.do(ann, { command: 'rename', conversation: id, name: `wolverines ${id}` });
    const channel = createdBy(await driver.do(ann, { command: 'createChannel', name: 'weather', join: 'anyone' }));
    for (const id of [alone, left, inhabited, channel]) await driver.leave(ann, id);
    await driver.leave(bob, left);
    for (const id of [alone, left, inhabited, channel])
      await driver.act(ann, (context) => planEraseUnseen(id, context));
    expect((await driver.store.memberships(ann)).map(({ conversation }) => conversation)).toEqual([inhabited, channel]);
    expect((await driver.entry(bob, inhabited)).member).toBe(true);
    await vi.waitFor(async () => expect(await kept()).not.toContain(`wolverines ${alone}`), { timeout: 20_000 });
  });
}

type Four = [string, string, string, string];

function describeStates(open: OpenStore): void {
  const people = async (accounts: Accounts): Promise<void> => {
    // The ids of accounts begin at 1.
    for (const login of ['ann', 'bob', 'eve', 'dan']) await registerUser(accounts, login);
  };

  it.each(['suspended', 'deleted'] as const)(
    '[CH-40.2] a change that waited is refused where an account that has to be active is %s by now',
    async (state) => {
      const { driver, accounts } = await open();
      await people(accounts);
      const id = await driver.group(ann, [bob]);
      const change = (user: UserId, commandId: string, active: readonly UserId[]) => {
        const command = { command: 'rename', id: commandId, conversation: id, name: `by ${commandId}` } as const;
        const context = { actor: user, now: driver.now, messageId: driver.mintId(), limits: chatLimits };
        const planned = planCommand(command, context);
        if (planned.outcome === 'refused') throw new Error(planned.code);
        return driver.store.change({ ...planned, active, key: { user, id: commandId, hash: 'h', at: driver.now } });
      };
      const [first, second, third, fourth] = [1, 2, 3, 4].map(String).map((digit) => digit.repeat(32)) as Four;
      expect((await change(ann, first, [ann, 99])).outcome).toBe('committed');
      if (state === 'suspended') await accounts.suspendUser(ann, 1);
      else await accounts.deleteUser(ann, 'keep', 1);
      const refused = { outcome: 'refused', code: 'not_found' };
      expect(await change(ann, second, [ann])).toEqual(refused);
      expect(await change(bob, third, [bob, ann])).toEqual(refused);
      expect((await driver.entry(bob, id)).name).toBe(`by ${first}`);
      expect((await change(ann, first, [ann])).outcome).toBe('repeated');
      await expect(driver.draft(ann, id, 'written too late', 0)).rejects.toThrow('not_found');
      // Without the condition the change works, because the traces of a deleted account are removed in its name.
      expect((await change(ann, fourth, [])).outcome).toBe('committed');
    },
  );

  it('[CH-40.3] a group never passes to a deleted account, and has no owner when no other member is left', async () => {
    const { driver, accounts } = await open();
    await people(accounts);
    const id = await driver.group(ann, [bob, eve]);
    const alone = await driver.group(ann, [bob]);
    await driver.do(ann, { command: 'setRole', conversation: id, user: bob, role: 'admin' });
    await accounts.deleteUser(bob, 'keep', 1);
    for (const group of [id, alone]) await driver.leave(ann, group);
    expect((await driver.entry(eve, id)).role).toBe('owner');
    expect((await driver.entry(bob, id)).role).toBe('admin');
    expect((await driver.entry(bob, alone)).role).toBe('member');
  });
}

function describeTexts(open: OpenStore): void {
  it.each(['group', 'direct', 'large'] as const)(
    '[CH-40.5] finds own texts in a %s one, some at a time',
    async (kind) => {
      const { driver } = await open(lowLimits(kind === 'large' ? { smallMembersMax: 1 } : {}));
      const id = kind === 'direct' ? await driver.direct(ann, bob) : await driver.group(ann, [bob]);
      const own: number[] = [];
      for (let round = 0; round < 12; round += 1) {
        await driver.send(bob, id, 'of bob');
        own.push((await driver.send(ann, id, `of ann ${round}`)).sequence);
      }
      const [recalled, root] = [own[2] ?? 0, own[3] ?? 0];
      await driver.do(ann, { command: 'recall', conversation: id, message: await nameOf(driver, id, recalled) });
      const thread = await nameOf(driver, id, root);
      await driver.do(ann, { command: 'send', conversation: id, text: 'reply of ann', thread });
      for (const limit of [1, 3, 100]) {
        const found = await textsOf(driver, ann, id, limit);
        const wanted = [...own.filter((sequence) => sequence !== recalled), (own.at(-1) ?? 0) + 1];
        expect(found.map(({ sequence }) => sequence)).toEqual(wanted);
        expect(found[0]).toEqual(await nameOf(driver, id, own[0] ?? 0));
      }
      expect(await textsOf(driver, eve, id, 5)).toEqual([]);
      expect(await driver.store.ownTexts(ann, 99, 0, 5)).toEqual({ texts: [], next: null });
    },
  );

  it('[CH-40.5] erases a text of a member who left long ago, notifies the others, and keeps every other message', async () => {
    const { driver, kept } = await open(lowLimits({ recallMs: 1 }));
    const id = await driver.group(bob, [ann, eve]);
    const root = await driver.send(ann, id, 'wolverine by the gate');
    await driver.do(ann, { command: 'edit', conversation: id, message: root, text: 'wolverine at the gate', base: 0 });
    await driver.do(bob, { command: 'send', conversation: id, text: 'reply', thread: root });
    await driver.do(bob, { command: 'pin', conversation: id, message: root, set: true });
    const other = await driver.send(bob, id, 'of bob');
    await driver.leave(ann, id);
    driver.pass(1_000);
    const erase = (name: MessageName) => driver.act(ann, (context) => planEraseText(id, name, context));
    const outcome = await erase(root);
    if (outcome.outcome !== 'committed') throw new Error(outcome.outcome);
    expect(outcome.notices).toMatchObject([
      { to: 'users', users: [bob, eve], event: { row: { sequence: root.sequence } } },
    ]);
    const row = await driver.row(bob, id, root.sequence);
    expect(row).toMatchObject({ body: { kind: 'recalled', by: ann }, replies: 1 });
    expect([row?.edited, row?.pinned]).toEqual([undefined, undefined]);
    expect((await driver.store.pins(bob, id)).outcome).toBe('messages');
    for (const untouched of [other, { ...root, id: '0'.repeat(16) }, root]) {
      const again = await erase(untouched);
      expect(again).toMatchObject({ outcome: 'committed', notices: [] });
    }
    expect((await driver.row(bob, id, other.sequence))?.body.kind).toBe('text');
    await vi.waitFor(async () => expect(await driver.store.purge()).toBe(true), { timeout: 20_000 });
    expect(await kept()).not.toContain('wolverine');
  });
}

function describeForgetting(open: OpenStore): void {
  it('[CH-40.4] removes the drafts and settings of one person, and nothing of another', async () => {
    const { driver, kept } = await open();
    const { store } = driver;
    const [one, two] = [await driver.group(ann, [bob]), await driver.direct(ann, bob)];
    const sent = await driver.send(bob, one, 'of bob');
    for (const conversation of [one, two]) await driver.draft(ann, conversation, 'wolverine to be', 0);
    await driver.draft(bob, one, 'heron to be', 0);
    await driver.do(ann, { command: 'hide', conversation: one, messages: [sent] });
    await driver.do(ann, { command: 'setReceipts', on: false });
    await driver.do(ann, { command: 'block', user: eve, blocked: true });
    await driver.do(eve, { command: 'block', user: ann, blocked: true });
    await driver.do(eve, { command: 'block', user: bob, blocked: true });
    const link = { command: 'createInvite', conversation: one, expiresAt: null, usesMax: null } as const;
    await driver.do(ann, { command: 'setRole', conversation: one, user: bob, role: 'admin' });
    for (const [digit, creator] of [ann, bob].entries())
      await driver.do(creator, { ...link, secret: String(digit).repeat(32) });
    await store.forgetUser(ann);
    await store.forgetUser(ann);
    expect((await driver.entry(ann, one)).draft.text).toBe('');
    expect((await driver.entry(bob, one)).draft.text).toBe('heron to be');
    const left = await store.invites(bob, one);
    expect(left.outcome === 'invites' && left.invites.map(({ creator }) => creator)).toEqual([bob]);
    expect(await store.privacy(ann)).toEqual({ receipts: true, blocked: [] });
    expect((await store.privacy(eve)).blocked).toEqual([bob]);
    expect((await driver.row(bob, one, sent.sequence))?.body).toEqual({ kind: 'text', text: 'of bob' });
    await vi.waitFor(async () => expect(await store.purge()).toBe(true), { timeout: 20_000 });
    expect(await kept()).not.toContain('wolverine');
    expect(await kept()).toContain('heron');
  });

  it('[CH-40.4] removes the command results of the person, so that their command ids are new, and keeps those of others', async () => {
    const { driver } = await open();
    const id = await driver.group(ann, [bob]);
    const send = (user: UserId) =>
      driver.run(user, { command: 'send', id: 'c'.repeat(32), conversation: id, text: 'of both' });
    const outcomes = async () => [(await send(ann)).outcome, (await send(bob)).outcome];
    expect(await outcomes()).toEqual(['committed', 'committed']);
    expect(await outcomes()).toEqual(['repeated', 'repeated']);
    await driver.store.forgetUser(ann);
    expect(await outcomes()).toEqual(['committed', 'repeated']);
  });

  it('[CH-40.4] files that the person never sent are unused immediately', async () => {
    const { driver } = await open();
    const store = driver.store as typeof driver.store & Partial<FileRecords>;
    if (store.addFile === undefined || store.unusedFiles === undefined) throw new Error('no file records');
    await store.addFile({ id: 'a'.repeat(32), owner: ann, size: 3, at: 1_000 }, 10);
    await store.addFile({ id: 'b'.repeat(32), owner: bob, size: 3, at: 1_000 }, 10);
    await store.forgetUser(ann);
    expect(await store.unusedFiles(1, 10)).toEqual(['a'.repeat(32)]);
  });
}

function createdBy(result: object): number {
  return 'conversation' in result ? Number(result.conversation) : 0;
}

async function nameOf(driver: StoreDriver, conversation: number, sequence: number): Promise<MessageName> {
  return { sequence, id: (await driver.row(ann, conversation, sequence))?.id ?? '' };
}

async function textsOf(
  { store }: StoreDriver,
  user: UserId,
  conversation: number,
  limit: number,
): Promise<readonly MessageName[]> {
  const found: MessageName[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const { texts, next }: Awaited<ReturnType<typeof store.ownTexts>> = await store.ownTexts(
      user,
      conversation,
      after,
      limit,
    );
    expect(texts.length).toBeLessThanOrEqual(limit);
    expect(next === null || next > after).toBe(true);
    found.push(...texts);
    after = next;
  }
  return found;
}
