import type { FileName, User } from '@everywire/chat';
import { beforeEach, expect, it } from 'vitest';
import { findUnnamedAvatars, findUnrecordedFiles } from './find-orphans.js';
import { OrphanSweep } from './orphan-sweep.js';

// Tests `OrphanSweep`, which removes files that nothing names any more, such as replaced avatars. A file must be found
// twice, with `graceMs` in between, before it is removed.

const hourMs = 60 * 60 * 1_000;
const id = (number: number): string => number.toString(16).padStart(32, '0');
const picture = (number: number): FileName => `${id(number)}.avatar`;

/** The names of the stored files. */
let stored: Set<FileName>;
/** Avatars that a user has. */
let named: Set<string>;
/** Attachments with a record in the store. */
let recorded: Set<string>;
/** The store that the files belong to. */
let owner: string | null;
/** The number of look-ups of avatars. */
let lookUps: number;
let now: number;
beforeEach(() => {
  stored = new Set();
  named = new Set();
  recorded = new Set();
  [lookUps, now, owner] = [0, 1_000_000, 'ours'];
});

const accounts = {
  usersByAvatar: async (avatar: string) => {
    lookUps += 1;
    return named.has(avatar) ? [{} as User] : [];
  },
};
const records = {
  recordedFiles: async (ids: readonly FileName[]) => ids.filter((name) => recorded.has(name)),
};

function open(find: 'avatars' | 'attachments', filesMax = 100): OrphanSweep {
  return new OrphanSweep({
    orphansOf: (names) =>
      find === 'avatars' ? findUnnamedAvatars(accounts, names) : findUnrecordedFiles(records, names),
    store: 'ours',
    files: {
      owner: async () => owner,
      names: async (after, limit) =>
        [...stored]
          .sort()
          .filter((name) => after === null || name > after)
          .slice(0, limit),
      remove: async (names) => {
        for (const name of names) stored.delete(name);
      },
    },
    graceMs: hourMs,
    filesMax,
    wallNow: () => now,
  });
}

it('an avatar that no account refers to is removed after the grace time, and nothing else', async () => {
  const others = [id(1), `${id(1)}.preview`, picture(2)];
  for (const name of [...others, picture(3)]) stored.add(name);
  named.add(`/api/files/avatars/${id(2)}`);
  const sweep = open('avatars');
  await sweep.sweep();
  now += hourMs - 1;
  await sweep.sweep();
  expect(stored.size).toBe(4);
  now += 1;
  await sweep.sweep();
  expect([...stored]).toEqual(others);
});

it('bytes and previews of attachments without a record are removed after the grace time, and nothing else', async () => {
  const others = [id(1), `${id(1)}.preview`, picture(2), 'a file of another program', `${id(5)}.later`];
  for (const name of [...others, id(3), `${id(3)}.preview`, `${id(4)}.preview`]) stored.add(name);
  recorded.add(id(1));
  const sweep = open('attachments');
  await sweep.sweep();
  now += hourMs - 1;
  await sweep.sweep();
  expect(stored.size).toBe(8);
  recorded.add(id(4));
  now += 1;
  await sweep.sweep();
  expect([...stored]).toEqual([...others, `${id(4)}.preview`]);
});

it.each([null, 'theirs'])('nothing is removed of files that belong to the store %s', async (other) => {
  for (const name of [id(1), picture(2)]) stored.add(name);
  owner = other;
  for (const find of ['avatars', 'attachments'] as const) {
    const sweep = open(find);
    await sweep.sweep();
    now += hourMs;
    await sweep.sweep();
  }
  expect(stored.size).toBe(2);
});

it('an avatar that an account refers to within the grace time is kept', async () => {
  stored.add(picture(1));
  const sweep = open('avatars');
  await sweep.sweep();
  named.add(`/api/files/avatars/${id(1)}`);
  now += hourMs;
  await sweep.sweep();
  expect([...stored]).toEqual([picture(1)]);
});

it('one sweep examines a bounded number of files, and repeated sweeps examine all of them', async () => {
  for (let number = 0; number < 95; number += 1) stored.add(picture(number));
  const sweep = open('avatars', 10);
  for (let round = 0; round < 12; round += 1) {
    const before = lookUps;
    await sweep.sweep();
    expect(lookUps - before).toBeLessThanOrEqual(20);
    now += hourMs;
  }
  expect([...stored]).toEqual([]);
});
