import { chatLimits, type FileRecords, type FileRef, type MessageName, type Store, type UserId } from '@everywire/chat';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeHash, StoreDriver } from './store-driver.js';

/** An empty store of the log and the file records. */
export interface FileRecordsUnderTest {
  readonly store: Store & FileRecords;
  readonly dispose: () => Promise<void>;
}

const [ann, bob, eve] = [1, 2, 3] as const;
const idOf = (number: number) => number.toString(16).padStart(32, 'f');
const one = idOf(1);
const QUOTA = 1_000;
const deadline = { timeout: 20_000 };

function refOf(id: string, size = 100): FileRef {
  const picture = { width: 40, height: 30, placeholder: 'aGFzaA==' };
  return { id, name: '潮汐表.png', kind: 'image', type: 'image/png', size, picture };
}

/** Describes the contract of the `FileRecords` port. Every adapter must run all of it. */
export function describeFileRecordsContract(name: string, create: () => Promise<FileRecordsUnderTest>): void {
  describe(`file records contract: ${name}`, () => {
    let underTest: FileRecordsUnderTest;
    let store: FileRecordsUnderTest['store'];
    let driver: StoreDriver;
    beforeEach(async () => {
      underTest = await create();
      store = underTest.store;
      driver = new StoreDriver(store, chatLimits);
    });
    afterEach(() => underTest.dispose());

    const upload = async (owner: UserId, id: string, at = 10): Promise<FileRef> => {
      await store.addFile({ id, owner, size: 100, at }, QUOTA);
      const ref = await store.finishFile(id, refOf(id), at, 100);
      if (ref === null) throw new Error('not finished');
      return ref;
    };
    /** Sends a message with files; returns its name. */
    const attach = async (sender: UserId, conversation: number, ...ids: readonly string[]): Promise<MessageName> => {
      const files = await store.attachableFiles(sender, ids, 10);
      const command = { command: 'send', id: driver.mintId(), conversation, text: '', files: ids } as const;
      const outcome = await driver.run(sender, command, files.length === ids.length ? files : null);
      if (outcome.outcome === 'refused' || !('sequence' in outcome.result)) throw new Error(outcome.outcome);
      return { sequence: outcome.result.sequence, id: outcome.result.id };
    };
    const mayHave = async (user: UserId, id = one) => (await store.file(user, id)) !== null;

    it('returns which files have a record, finished or not, until they are removed', async () => {
      await store.addFile({ id: one, owner: ann, size: 70, at: 10 }, QUOTA);
      await upload(bob, idOf(2));
      expect(await store.recordedFiles([idOf(3), one, idOf(2)])).toEqual([one, idOf(2)]);
      await store.forgetFiles([one], 11);
      expect(await store.recordedFiles([one, idOf(2)])).toEqual([idOf(2)]);
      expect(await store.recordedFiles([])).toEqual([]);
    });

    it('is visible to its owner from the first byte, and is finished once', async () => {
      expect(await store.addFile({ id: one, owner: ann, size: 70, at: 10 }, QUOTA)).toBe('added');
      expect(await store.file(ann, one)).toEqual({ id: one, owner: ann, size: 70, ref: null });
      expect(await store.file(bob, one)).toBeNull();
      expect(await store.attachableFiles(ann, [one], 11)).toEqual([]);
      expect(await store.finishFile(one, refOf(one, 70), 12, 80)).toEqual(refOf(one, 70));
      expect(await store.finishFile(one, refOf(one, 5), 13, 5)).toEqual(refOf(one, 70));
      expect(await store.file(ann, one)).toEqual({ id: one, owner: ann, size: 80, ref: refOf(one, 70) });
      expect(await store.finishFile(idOf(2), refOf(idOf(2)), 14, 100)).toBeNull();
    });

    it('[U8] counts the bytes of each owner, uploads in progress included, by their final size once finished', async () => {
      expect(await store.addFile({ id: one, owner: ann, size: 900, at: 1 }, QUOTA)).toBe('added');
      expect(await store.addFile({ id: idOf(2), owner: ann, size: 101, at: 1 }, QUOTA)).toBe('over_quota');
      expect(await store.file(ann, idOf(2))).toBeNull();
      expect(await store.addFile({ id: idOf(3), owner: bob, size: 1_000, at: 1 }, QUOTA)).toBe('added');
      await store.finishFile(one, refOf(one, 300), 2, 500);
      expect(await store.addFile({ id: idOf(2), owner: ann, size: 500, at: 3 }, QUOTA)).toBe('added');
      await store.forgetFiles([one], 100);
      expect(await store.addFile({ id: idOf(4), owner: ann, size: 500, at: 3 }, QUOTA)).toBe('added');
      expect(await store.addFile({ id: idOf(5), owner: ann, size: 1, at: 3 }, QUOTA)).toBe('over_quota');
    });

    it('[CH-3.1] [U10] is readable by users who see a message with it, as long as they do', async () => {
      const group = await driver.group(ann, [bob], 'group');
      await upload(ann, one);
      expect(await mayHave(bob)).toBe(false);
      await attach(ann, group, one);
      expect([await mayHave(bob), await mayHave(eve)]).toEqual([true, false]);
      await driver.add(ann, group, eve);
      expect(await mayHave(eve)).toBe(false);
      await driver.remove(ann, group, bob);
      expect([await mayHave(bob), await mayHave(ann)]).toEqual([false, true]);
      expect(await store.attachableFiles(bob, [one], 20)).toEqual([]);
    });

    it('is kept by a forwarded message, and each message makes it readable to its readers', async () => {
      const direct = await driver.direct(ann, bob);
      const other = await driver.direct(bob, eve);
      await upload(ann, one);
      const first = await attach(ann, direct, one);
      await attach(bob, other, one);
      expect(await mayHave(eve)).toBe(true);
      await driver.do(ann, { command: 'recall', conversation: direct, message: first });
      expect([await mayHave(eve), await mayHave(bob), await mayHave(ann)]).toEqual([true, true, true]);
    });

    it('is unreadable for others once recalled, and for a user who has hidden the message', async () => {
      const group = await driver.group(ann, [bob, eve], 'group');
      await upload(ann, one);
      const message = await attach(ann, group, one);
      await driver.do(bob, { command: 'hide', conversation: group, messages: [message] });
      expect([await mayHave(bob), await mayHave(eve)]).toEqual([false, true]);
      await driver.do(ann, { command: 'recall', conversation: group, message });
      expect([await mayHave(eve), await mayHave(ann)]).toEqual([false, true]);
    });

    it('[CH-36.7] is readable only by its owner, and unused, once the conversation was deleted', async () => {
      const [group, other] = [await driver.group(ann, [bob]), await driver.group(ann, [eve])];
      for (const number of [1, 2]) await upload(ann, idOf(number));
      for (const id of [one, one, idOf(2)]) await attach(ann, group, id);
      await attach(ann, other, idOf(2));
      await driver.do(ann, { command: 'delete', conversation: group });
      expect([await mayHave(bob), await mayHave(bob, idOf(2)), await mayHave(eve, idOf(2))]).toEqual([
        false,
        false,
        true,
      ]);
      await vi.waitFor(async () => expect(await store.unusedFiles(100, 10)).toEqual([one]), deadline);
      expect(await store.forgetFiles([one, idOf(2)], 100)).toEqual([one]);
      expect(await store.addFile({ id: idOf(3), owner: ann, size: QUOTA - 100, at: 10 }, QUOTA)).toBe('added');
    });

    it('[CH-3.1] as the picture of a group is readable by its members and kept until it is replaced', async () => {
      const group = await driver.group(ann, [bob]);
      for (const number of [1, 2]) await upload(ann, idOf(number));
      const set = async (file: string | null) => {
        const files = file === null ? null : await store.attachableFiles(ann, [file], 10);
        const command = { command: 'setPicture', id: driver.mintId(), conversation: group, file } as const;
        expect(await driver.run(ann, command, files)).toMatchObject({ outcome: 'committed' });
      };
      await set(one);
      expect([await mayHave(bob), await mayHave(eve)]).toEqual([true, false]);
      expect(await store.unusedFiles(100, 10)).toEqual([idOf(2)]);
      await driver.add(ann, group, eve);
      await driver.remove(ann, group, bob);
      expect([await mayHave(bob), await mayHave(eve)]).toEqual([false, true]);
      await set(idOf(2));
      expect([await mayHave(eve), await mayHave(eve, idOf(2))]).toEqual([false, true]);
      expect(await store.unusedFiles(100, 10)).toEqual([one]);
      await set(null);
      expect(await mayHave(eve, idOf(2))).toBe(false);
      await set(one);
      await driver.do(ann, { command: 'delete', conversation: group });
      expect(await mayHave(eve)).toBe(false);
      await vi.waitFor(async () => expect(await store.unusedFiles(100, 10)).toHaveLength(2), deadline);
    });

    it('[CH-29.3] as a picture in the directory is returned while listed, and grants no other access', async () => {
      const [group, other] = [await driver.group(ann, [bob]), await driver.group(ann, [bob])];
      await upload(ann, one);
      const files = await store.attachableFiles(ann, [one], 10);
      for (const conversation of [group, other]) {
        const command = { command: 'setPicture', id: driver.mintId(), conversation, file: one } as const;
        expect(await driver.run(ann, command, files)).toMatchObject({ outcome: 'committed' });
      }
      const join = async (conversation: number, by: 'anyone' | 'invited') => {
        const settings = { send: 'members', add: 'members', rename: 'members', join: by } as const;
        await driver.do(ann, { command: 'configure', conversation, settings });
      };
      const shown = async () => [
        (await store.directoryPicture(one))?.id ?? null,
        (await store.directory('', null, 10)).map(({ picture }) => picture),
      ];
      expect(await shown()).toEqual([null, []]);
      await join(group, 'anyone');
      expect(await shown()).toEqual([one, [one]]);
      expect([await mayHave(eve), await store.attachableFiles(eve, [one], 10)]).toEqual([false, []]);
      expect(await store.invitation(group, null, driver.now)).toMatchObject({ outline: { picture: one } });
      await join(other, 'anyone');
      await join(group, 'invited');
      expect(await shown()).toEqual([one, [one]]);
      await driver.do(ann, { command: 'delete', conversation: other });
      expect(await shown()).toEqual([null, []]);
      expect(await store.directoryPicture(idOf(2))).toBeNull();
    });

    it('[CH-29.4] as the picture of a group joined by link is not shown before joining', async () => {
      const group = await driver.group(ann, [bob]);
      const files = [await upload(ann, one)];
      const command = { command: 'setPicture', id: driver.mintId(), conversation: group, file: one } as const;
      await driver.run(ann, command, files);
      const secret = 'a'.repeat(32);
      const invite = { command: 'createInvite', id: driver.mintId(), conversation: group, secret } as const;
      await driver.do(ann, { ...invite, expiresAt: null, usesMax: null });
      expect(await store.invitation(group, fakeHash(secret), driver.now)).toMatchObject({
        outline: { picture: null, memberCount: 2 },
      });
    });

    it('is returned with its message as it was attached, in order', async () => {
      const direct = await driver.direct(ann, bob);
      const files = [await upload(ann, one), await upload(ann, idOf(2))];
      const { sequence } = await attach(ann, direct, idOf(2), one);
      const page = await store.page(bob, direct, { anchor: { at: 'end' }, limit: 5, check: null });
      const row = page.outcome === 'page' ? page.rows.find((message) => message.sequence === sequence) : undefined;
      expect(row?.body).toEqual({ kind: 'text', text: '', files: [files[1], files[0]] });
    });

    it('is unused until a message carries it and after it is recalled, and is swept only then', async () => {
      const direct = await driver.direct(ann, bob);
      for (const [number, at] of [
        [1, 10],
        [2, 20],
        [3, 30],
        [4, 40],
      ] as const)
        await upload(ann, idOf(number), at);
      const message = await attach(ann, direct, idOf(2));
      expect(await store.unusedFiles(40, 10)).toEqual([one, idOf(3)]);
      expect(await store.unusedFiles(40, 1)).toEqual([one]);
      expect(await store.attachableFiles(ann, [one], 50)).toHaveLength(1);
      expect(await store.unusedFiles(40, 10)).toEqual([idOf(3)]);
      expect(await store.forgetFiles([one, idOf(2), idOf(3), idOf(9)], 40)).toEqual([idOf(3)]);
      expect(await store.file(ann, idOf(3))).toBeNull();
      await driver.do(ann, { command: 'recall', conversation: direct, message });
      expect(await store.unusedFiles(100, 10)).toEqual(expect.arrayContaining([one, idOf(2), idOf(4)]));
    });

    it('[CH-18.2] a repeated send returns the first result, whatever happened to the file', async () => {
      const direct = await driver.direct(ann, bob);
      const ref = await upload(ann, one);
      const command = {
        command: 'send',
        id: driver.mintId(),
        conversation: direct,
        text: 'see',
        files: [one],
      } as const;
      const first = await driver.run(ann, command, [ref]);
      const again = await driver.run(ann, command, null);
      expect(again).toMatchObject({ outcome: 'repeated', result: first.outcome === 'refused' ? {} : first.result });
      const other = await driver.run(ann, { ...command, files: [idOf(2)] }, null);
      expect(other).toEqual({ outcome: 'refused', code: 'id_reused' });
      const missing = await driver.run(ann, { ...command, id: driver.mintId() }, null);
      expect(missing).toEqual({ outcome: 'refused', code: 'not_found' });
    });
  });
}
