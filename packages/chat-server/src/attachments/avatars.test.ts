import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FileName, FileRef, Files } from '@everywire/chat';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import { defaultAttachmentLimits } from './attachment-limits.js';
import { Avatars } from './avatars.js';
import { previewName } from './inspect-file.js';

// Tests `Avatars`: a user chooses an uploaded picture as avatar, and its preview is copied to a file of its own.

const limits = { ...defaultAttachmentLimits, avatarChangesAtOnce: 2, avatarChangesWaitingMax: 2, avatarPeopleMax: 10 };
const now = 1_700_000_000_000;

let accounts: MemoryAccounts;
let avatars: Avatars;
/** The names of the stored files. */
let stored: Set<FileName>;
/** Work to await before the preview of a file is returned. */
let slow: Map<FileName, () => Promise<void>>;

beforeEach(async () => {
  const store = new MemoryStore({ epoch: '0123456789abcdef' });
  accounts = new MemoryAccounts();
  [stored, slow] = [new Set(), new Map()];
  const preview = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#e00' } })
    .webp()
    .toBuffer();
  const files = {
    read: async (name: FileName) => slowly(name, preview),
    put: async (name: FileName, bytes: AsyncIterable<Uint8Array>) => {
      stored.add(name);
      return (await text(Readable.from(bytes))).length;
    },
    remove: async (names: readonly FileName[]) => {
      for (const name of names) stored.delete(name);
    },
  } as unknown as Files;
  avatars = new Avatars({ accounts, store, files, records: store, limits });
  for (const name of ['ann', 'bob', 'carl'])
    await accounts.createUser({ name, displayName: name, passwordHash: null, createdAt: now });
  const ref = { name: 'a.png', type: 'image/png', size: 1, picture: { width: 40, height: 30 } };
  for (const [owner, ids] of [
    [1, ['a', 'b', 'c', 'd']],
    [2, ['e']],
    [3, ['f']],
  ] as const) {
    for (const digit of ids) {
      const id = digit.repeat(32);
      await store.addFile({ id, owner, size: 1, at: now }, 1e9);
      await store.finishFile(id, { ...ref, id } as unknown as FileRef, now, 1);
    }
  }
});

const idOf = (digit: string): FileName => digit.repeat(32);

function slowly(name: FileName, bytes: Buffer): Readable {
  return Readable.from(
    (async function* () {
      await slow.get(name)?.();
      yield bytes;
    })(),
  );
}

/** Blocks the preview of an upload until `finish` is called. `begun` resolves when the preview is requested. */
function stall(digit: string): { readonly begun: Promise<void>; readonly finish: () => void } {
  let [begin, finish] = [(): void => undefined, (): void => undefined];
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  slow.set(previewName(idOf(digit)), () => {
    begin();
    return finished;
  });
  return { begun, finish };
}

it('a slow avatar change of one user delays no other user', async () => {
  const stalled = stall('a');
  const slowly = avatars.set(1, idOf('a'));
  const again = avatars.set(1, idOf('b'));
  await stalled.begun;
  expect((await avatars.set(2, idOf('e'))).avatar).not.toBe('');
  expect((await avatars.remove(3)).avatar).toBe('');
  stalled.finish();
  await Promise.all([slowly, again]);
});

it('avatar changes of one user run in request order and leave at most one file', async () => {
  const stalled = stall('a');
  const first = avatars.set(1, idOf('a'));
  const second = avatars.set(1, idOf('b'));
  const third = avatars.remove(1);
  stalled.finish();
  const [one, two, three] = await Promise.all([first, second, third]);
  expect([one.avatar !== '', two.avatar !== one.avatar, three.avatar]).toEqual([true, true, '']);
  expect(await accounts.users([1])).toMatchObject([{ avatar: '' }]);
  expect(stored.size).toBe(0);
});

it('a user with too many waiting avatar changes is refused with busy, while other users are not', async () => {
  const stalled = stall('a');
  const waiting = ['a', 'b', 'c'].map((digit) => avatars.set(1, idOf(digit)));
  await stalled.begun;
  await expect(avatars.set(1, idOf('d'))).rejects.toMatchObject({ code: 'busy', retryAfterMs: 1_000 });
  expect((await avatars.set(3, idOf('f'))).avatar).not.toBe('');
  stalled.finish();
  await Promise.all(waiting);
});
