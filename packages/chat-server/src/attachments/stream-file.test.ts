import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { streamFile } from './stream-file.js';

const directory = mkdtempSync(join(tmpdir(), 'everywire-inspect-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Returns whether this process has the file open. */
function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === path;
    } catch {
      // The descriptor was closed meanwhile.
      return false;
    }
  });
}

it('the bytes of an upload keep no file open if they are read partly or not at all', async () => {
  const path = join(directory, 'upload');
  writeFileSync(path, 'x'.repeat(1_000_000));
  const unread = streamFile(path)[Symbol.asyncIterator]();
  await unread.return?.(undefined);
  const begun = streamFile(path)[Symbol.asyncIterator]();
  expect((await begun.next()).done).toBe(false);
  expect(isOpen(path)).toBe(true);
  await begun.return?.(undefined);
  await vi.waitFor(() => expect(isOpen(path)).toBe(false), { timeout: 20_000 });
});
