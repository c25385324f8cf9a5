/** @module-tag wide: needs a database server. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createTestAuthority } from '@everywire/testkit';
import { startPostgres } from '@everywire/testkit/postgres-server';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../apps/everywire/src/command-line.js';
import { Guide, makeDirectory, root, whenOver } from './guide.js';

const guide = new Guide('docs/guides/postgresql.md');

/** Starts the command. Returns its output once it is ready or has ended. */
async function start(settings: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'apps/everywire/dist/command.js')], {
    cwd: makeDirectory(),
    env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  whenOver(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let said = '';
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Everywire is ready at')) resolve();
      });
  });
  await Promise.race([ready, ended]);
  return said;
}

test('postgresql: a server starts after the statements and with the setting of the guide, also with TLS', async () => {
  const authority = createTestAuthority();
  whenOver(() => authority.close());
  const server = await startPostgres({}, authority.issue());
  whenOver(() => server.stop());
  for (const statement of guide.take(0).trim().split('\n')) await server.ask(statement);
  const [line = ''] = guide.take(1).trim().split(' ');
  const [name = '', address = ''] = line.split(/=(.*)/s);
  const { host } = new URL(await server.createDatabase());
  const here = address.replace('db.example.org', host);
  expect(await start({ [name]: here })).toContain(`opens the database ${host}/everywire`);

  const verified = `${here}?sslmode=verify-full`;
  expect(await start({ [name]: verified })).toMatch(/cannot start: The database cannot be opened: .*certificate/);
  const trusted = `${verified}&sslrootcert=${authority.file}`.replace('127.0.0.1', 'localhost');
  expect(await start({ [name]: trusted })).toContain('Everywire is ready at');
  expect(await server.ask('SELECT 1 FROM pg_stat_ssl WHERE ssl AND pid <> pg_backend_pid()')).not.toHaveLength(0);
});

test('postgresql: the guide has the command that apps/everywire/src/migrate.test.ts runs on a whole store', () => {
  expect(parseCommandLine(guide.take(2).trim().split(' ').slice(1))).toEqual({ command: 'migrate' });
});
