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

/** Claims the files for a store that knows some of them. */
function claimAs(id: string, known: readonly FileName[] = []): Promise<string> {
  const log = { debug: warn, info: warn, warn, error: warn };
  const knownOf = async (names: readonly FileName[]) => names.filter((name) => known.includes(name));
  return claimFiles({ files, accounts: { initSetting: async () => id }, knownOf, log });
}

it('every server of the store that claims an empty directory may remove orphans', async () => {
  expect([await claimAs('ours'), await claimAs('ours'), owner]).toEqual(['ours', 'ours', 'ours']);
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
  await claimAs('theirs', ['c']);
  expect(owner).toBeNull();
  expect(warn.mock.calls.flat()).toEqual([expect.stringContaining('files_unknown')]);
  await claimAs('ours', ['b']);
  expect(owner).toBe('ours');
  await expect(claimAs('theirs')).rejects.toThrow(ForeignFilesError);
});
