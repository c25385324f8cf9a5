import { chmod, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFilesContract } from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { DirectoryFiles } from './directory-files.js';

async function emptyDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'everywire-files-'));
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

const name = 'ab'.repeat(16);

describeFilesContract('a directory', async () => {
  const directory = await emptyDirectory();
  const files = await DirectoryFiles.open(join(directory, 'files'));
  return { files, dispose: () => rm(directory, { recursive: true, force: true }) };
});

describe('DirectoryFiles', () => {
  it('only its owner can read the files, which are still there after reopening', async () => {
    const directory = join(await emptyDirectory(), 'made');
    const files = await DirectoryFiles.open(directory);
    await files.put(name, once('kept'));
    expect((await stat(join(directory, 'ab', name))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'ab'))).mode & 0o777).toBe(0o700);
    await files.close();
    const again = await DirectoryFiles.open(directory);
    expect(await again.size(name)).toBe(4);
    await rm(directory, { recursive: true });
  });

  it('DirectoryFiles ignores symbolic links', async () => {
    const directory = await emptyDirectory();
    const files = await DirectoryFiles.open(directory);
    await files.put(name, once('kept'));
    const linked = `ab${'0'.repeat(30)}`;
    await symlink(join(directory, 'ab', name), join(directory, 'ab', linked));
    expect([await files.size(name), await files.size(linked)]).toEqual([4, null]);
    expect(await files.read(linked, null)).toBeNull();
    await rm(directory, { recursive: true });
  });

  it('opening removes unfinished files older than a day, but not younger ones', async () => {
    const directory = await emptyDirectory();
    await DirectoryFiles.open(directory);
    const unfinished = join(directory, 'unfinished');
    for (const left of ['old', 'new']) await writeFile(join(unfinished, left), 'half');
    const yesterday = Date.now() / 1_000 - 25 * 3_600;
    await utimes(join(unfinished, 'old'), yesterday, yesterday);
    const files = await DirectoryFiles.open(directory);
    expect(await readdir(unfinished)).toEqual(['new']);
    expect(await files.names(null, 10)).toEqual([]);
    await rm(directory, { recursive: true });
  });

  it('DirectoryFiles rejects with busy if the directory cannot be used', async () => {
    const directory = await emptyDirectory();
    await writeFile(join(directory, 'file'), '');
    await expect(DirectoryFiles.open(join(directory, 'file'))).rejects.toMatchObject({ code: 'busy' });
    await chmod(directory, 0o700);
    await rm(directory, { recursive: true });
  });
});
