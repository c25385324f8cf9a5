import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openConnection } from './connection.js';
import { GroupCommit } from './group-commit.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';

test('each failed group is reported with its code, except for a full disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-failures-'));
  const database = openConnection(join(directory, 'store.db'), DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  onTestFinished(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });
  database.exec('CREATE TABLE note (body TEXT)');
  const codes: string[] = [];
  const commits = new GroupCommit(database, DEFAULT_SQLITE_STORE_LIMITS, {
    onCommitFailed: (code) => codes.push(code),
  });
  database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 1}`);
  const tooLarge = (): unknown => database.prepare('INSERT INTO note VALUES (?)').run('x'.repeat(100_000));
  await expect(commits.submit(tooLarge)).rejects.toMatchObject({ code: 'full' });
  const failing = (): never => {
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' });
  };
  for (let times = 0; times < 2; times += 1)
    await expect(commits.submit(failing)).rejects.toMatchObject({ code: 'busy' });
  expect(codes).toEqual(['SQLITE_IOERR_WRITE', 'SQLITE_IOERR_WRITE']);
  await commits.close();
});
