import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesError } from '@everywire/chat';
import { DirectoryFiles } from '@everywire/files-directory';
import { afterEach, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';

const directory = mkdtempSync(join(tmpdir(), 'everywire-orphans-'));
let place: TestPlace;
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await place.stop();
  rmSync(directory, { recursive: true });
});

test('file bytes whose record was deleted first, as in a crash, are removed by a later sweep', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const attachmentLimits = { uploadKeptMs: 0, orphanGraceMs: 0 };
  place = await TestPlace.start({ filesDirectory: directory, attachmentLimits });
  const files = await DirectoryFiles.open(join(directory, 'files'));
  const id = 'a'.repeat(32);
  await place.store.addFile({ id, owner: 1, size: 1, at: 1 }, 1_000);
  await files.put(id, bytes());
  await files.put(`${id}.preview`, bytes());
  const kept = async (): Promise<number> => (await files.names(null, 10)).length;
  vi.spyOn(DirectoryFiles.prototype, 'remove').mockRejectedValueOnce(new FilesError('busy', 'killed'));
  const swept = async (isDone: () => Promise<boolean>): Promise<void> => {
    vi.advanceTimersByTime(10 * 60 * 1_000);
    expect(await isDone()).toBe(true);
  };
  const forgotten = async (): Promise<boolean> => (await place.store.recordedFiles([id])).length === 0;
  await vi.waitFor(() => swept(forgotten), { timeout: 60_000 });
  await vi.waitFor(() => swept(async () => (await kept()) === 0), { timeout: 60_000 });
  await files.close();
  expect(await readdir(join(directory, 'uploads'))).toEqual(['files-cookie.key']);
});

test('the files of another store are neither removed nor served', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const files = await DirectoryFiles.open(join(directory, 'files'));
  await files.put('a'.repeat(32), bytes());
  const attachmentLimits = { uploadKeptMs: 0, orphanGraceMs: 0, avatarGraceMs: 0 };
  const options = { filesDirectory: directory, attachmentLimits };
  place = await TestPlace.start(options);
  const sweeps = vi.spyOn(place.store, 'unusedFiles');
  const sweep = (): void => {
    vi.advanceTimersByTime(10 * 60 * 1_000);
    expect(sweeps.mock.calls.length).toBeGreaterThan(3);
  };
  await vi.waitFor(sweep, { timeout: 60_000 });
  expect(await files.names(null, 10)).toEqual(['a'.repeat(32)]);
  expect(place.lines.filter((line) => line.startsWith('files_unknown'))).toHaveLength(1);
  await files.claim('another store');
  await expect(TestPlace.start(options)).rejects.toMatchObject({ code: 'files_foreign' });
  await files.close();
});

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1);
}
