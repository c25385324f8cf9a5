import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copySqliteStore } from '@everywire/store-sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServerProcess } from './server-process.js';

/* Starts of the real server after the loss of the store, or of its newest changes. */

let data: string;
let file: string;
let server: ServerProcess;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'everywire-lost-'));
  file = join(data, 'everywire.sqlite');
  server = new ServerProcess(data);
});

afterEach(async () => {
  await server.kill();
  rmSync(data, { recursive: true });
});

/** Registers a user and returns the status. */
async function register(name: string): Promise<number> {
  const answer = await fetch(`${server.url}/api/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: 'correct horse' }),
  });
  return answer.status;
}

it('[CH-26.1] the next start reports lost acknowledged changes once, with a code and their number', async () => {
  await server.start().started;
  expect(await register('ann')).toBe(201);
  copySqliteStore({ file, backup: join(data, 'older') });
  expect(await register('bob')).toBe(201);
  await server.kill();
  // The state after the loss of the write-ahead log: the database is older.
  rmSync(`${file}-wal`);
  renameSync(join(data, 'older'), file);

  await server.start().started;
  const report =
    / error acknowledged_lost: [1-9]\d* acknowledged changes? (is|are) missing from .*everywire\.sqlite\./g;
  expect(server.lines.match(report)).toHaveLength(1);
  await server.kill();
  await server.start().started;
  expect(server.lines.match(report)).toHaveLength(1);
});

it('the server refuses to create an empty store next to uploaded files, unless it is started with --new', async () => {
  await server.start().started;
  await server.stop();
  const folder = join(data, 'files/ab');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ab12'), 'a file of a message');
  rmSync(file);
  await expect(server.start().started).rejects.toThrow('the server ended (1)');
  expect(server.lines).toMatch(/^Everywire cannot start: There is no store at .*files.*--new\.$/m);
  await server.start(['--new']).started;
});
