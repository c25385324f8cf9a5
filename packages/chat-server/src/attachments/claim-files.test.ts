import type { FileName } from '@everywire/chat';
import { beforeEach, expect, it, vi } from 'vitest';
import { claimFiles, ForeignFilesError } from './claim-files.js';

// Tests whose files a server may remove as orphans: two stores over one directory would delete each other's files.

/** A directory of files. */
let stored: FileName[];
let owner: string | null;
const files = {
  names: async () => stored,
  owner: async () => owner,
  claim: async (store: string) => {
    owner ??= store;
    return owner;
  },
};
const warn = vi.fn();
beforeEach(() => {
  [stored, owner] = [[], null];
  warn.mockClear();
});

/** Returns how a store with an id, which knows some of the files, claims them. */
function claimAs(id: string, known: readonly FileName[] = []): Promise<boolean> {
  const log = { debug: warn, info: warn, warn, error: warn };
  const knownOf = async (names: readonly FileName[]) => names.filter((name) => known.includes(name));
  return claimFiles({ files, accounts: { initSetting: async () => id }, knownOf, log });
}

it('a store claims an empty directory, and every server of it may remove orphans', async () => {
  expect([await claimAs('ours'), await claimAs('ours')]).toEqual([true, true]);
});

it('another store is refused, with a sentence that names the remedy', async () => {
  await claimAs('ours');
  stored = ['a'];
  await expect(claimAs('theirs', ['a'])).rejects.toThrow(ForeignFilesError);
  await expect(claimAs('theirs', ['a'])).rejects.toMatchObject({
    code: 'files_foreign',
    message: expect.stringContaining('EVERYWIRE_FILES'),
  });
  expect(owner).toBe('ours');
});

it('files from before stores claimed them belong to the store that knows some of them', async () => {
  stored = ['a', 'b'];
  expect(await claimAs('theirs', ['c'])).toBe(false);
  expect(warn.mock.calls.flat()).toEqual([expect.stringContaining('files_unknown')]);
  expect(await claimAs('ours', ['b'])).toBe(true);
  await expect(claimAs('theirs')).rejects.toThrow(ForeignFilesError);
});
