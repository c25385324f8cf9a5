import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ChatClient, createChatClient, register, signIn } from '@everywire/chat-client';
import { createDatabasePath } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/* Runs the real server and its commands with a real PostgreSQL. */

const command = fileURLToPath(new URL('../dist/command.js', import.meta.url));
const run = promisify(execFile);
const deadline = { timeout: 30_000, interval: 50 };
const children: ChildProcess[] = [];
const directories: string[] = [];
const password = 'correct horse battery';

/** A running server. */
interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-on-postgres-'));
  mkdirSync(join(directory, 'shared'));
  directories.push(directory);
  return directory;
}

function environment(database: string): NodeJS.ProcessEnv {
  const here = { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1' };
  return { ...here, EVERYWIRE_POSTGRES: database, EVERYWIRE_FILES: 'shared' };
}

async function start(directory: string, database: string): Promise<Running> {
  const child = spawn(process.execPath, [command], {
    cwd: directory,
    env: environment(database),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const ready = /^Everywire is ready at (\S+)$/m.exec(output)?.[1];
        if (ready !== undefined) resolve(ready);
      });
    child.once('close', () => reject(new Error(output)));
  });
  return { child, url, output: () => output };
}

/** Runs a command and returns its output and exit code. */
async function type(line: string, directory: string, database: string) {
  const options = { cwd: directory, env: environment(database) };
  return run(process.execPath, [command, ...line.split(' ')], options).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, said: stdout + stderr }),
  );
}

/** Returns the texts in the only group. */
async function read(client: ChatClient): Promise<readonly string[]> {
  await expect.poll(() => client.getSnapshot().conversations.map(({ title }) => title), deadline).toEqual(['Garden']);
  const timeline = client.openTimeline(client.getSnapshot().conversations[0]?.id ?? 0);
  const texts = () => timeline.getSnapshot().rows.flatMap((each) => (each.type === 'message' ? [each.text] : []));
  await expect.poll(() => timeline.getSnapshot().atStart, deadline).toBe(true);
  return texts();
}

describe('a server on PostgreSQL', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let database: string;
  beforeAll(async () => {
    server = await startPostgres();
  });
  beforeEach(async () => {
    database = await server.createDatabase();
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  afterAll(() => server?.stop());

  it('a server on PostgreSQL keeps users, messages and files over kill -9, and recovers by itself after a database outage', async () => {
    const directory = makeDirectory();
    const first = await start(directory, database);
    const { me, token } = await register(first.url, { name: 'ann', password });
    const client = createChatClient({ url: first.url, me, token });
    const timeline = client.openTimeline(await client.createGroup('Garden', []));
    const acknowledged = () =>
      timeline.getSnapshot().rows.filter((row) => row.type === 'message' && row.sequence !== null).length;
    timeline.send('before');
    await expect.poll(acknowledged, deadline).toBe(1);
    const ready = async () => (await fetch(`${first.url}/readyz`)).status;
    await server.stopAndStart(async () => {
      await expect.poll(ready, deadline).toBe(503);
      timeline.send('meanwhile');
    });
    await expect.poll(acknowledged, deadline).toBe(2);
    await expect.poll(ready, deadline).toBe(200);
    expect(first.output()).toMatch(/store_failing: The database 127\.0\.0\.1:\d+\/everywire_\d+ cannot be written/);
    first.child.kill('SIGKILL');
    client.close();

    const { url } = await start(directory, database);
    const ann = await signIn(url, { name: 'ann', password });
    const again = createChatClient({ url, me: ann.me, token: ann.token });
    expect(await read(again)).toEqual(['before', 'meanwhile']);
    again.close();
    expect(readdirSync(join(directory, 'data'))).not.toContain('everywire.sqlite');
    expect(readdirSync(join(directory, 'shared')).sort()).toEqual(['files', 'uploads']);
  });

  it('a start names the problem with the database, without its password', async () => {
    const directory = makeDirectory();
    const refused = (url: string) => expect(start(directory, url)).rejects;
    const secret = database.replace('postgres@', 'ann:hunter2@');
    await refused(secret).toThrow(/cannot start: The database cannot be opened: role "ann" does not exist/);
    await refused(secret).not.toThrow('hunter2');
    await refused(`mysql://ann:hunter2@db/x`).toThrow(
      'EVERYWIRE_POSTGRES is not usable, but must be an address such as',
    );
    const isNew = await type('--new', directory, database);
    expect(isNew).toMatchObject({ code: 1, said: expect.stringContaining('to an empty database') });
    const unchecked = await type('check', directory, database);
    expect(unchecked).toMatchObject({ code: 1, said: expect.stringContaining('creates or migrates them') });
    const running = await start(directory, database);
    expect(running.output()).not.toContain('store_unused');
    const ended = once(running.child, 'exit');
    running.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    writeFileSync(join(directory, 'data', 'everywire.sqlite'), 'of before');
    expect((await start(directory, database)).output()).toContain('store_unused');
  });

  it('everywire check reads the database of a running server, and names what is damaged', async () => {
    const directory = makeDirectory();
    const { url } = await start(directory, database);
    const { me, token } = await register(url, { name: 'ann', password });
    const client = createChatClient({ url, me, token });
    await client.createGroup('Garden', []);
    client.close();
    const notes =
      'Data checksums are off, so an altered text is not found: switch them on with pg_checksums. To examine the indexes, run pg_amcheck.\n';
    const name = database.slice(database.indexOf('@') + 1);
    expect(await type('check', directory, database)).toEqual({ code: 0, said: `${name} is sound\n${notes}` });
    await server.read(database, 'DELETE FROM message');
    const line = 'conversation 1 is recorded with 1 messages, but its last one has the number 0';
    expect(await type('check', directory, database)).toEqual({
      code: 3,
      said: `${name} is damaged:\n  ${line}\nTo recover: docs/guides/postgresql.md\n${notes}`,
    });
  });

  it('a backup of a silent database fails instead of waiting', async () => {
    const directory = makeDirectory();
    const path = await createDatabasePath(database);
    path.silence();
    const said = expect.stringContaining('timeout');
    expect(await type(`backup ${join(directory, 'saved')}`, directory, path.url(database))).toEqual({ code: 1, said });
    await path.close();
  });

  it('a running server is backed up and restored to another database, with everyone signed out', async () => {
    const [old, fresh] = [makeDirectory(), makeDirectory()];
    const { url } = await start(old, database);
    const { me, token } = await register(url, { name: 'ann', password });
    const client = createChatClient({ url, me, token });
    const timeline = client.openTimeline(await client.createGroup('Garden', []));
    const file = await client.upload(new File(['not empty'], 'notes.txt', { type: 'text/plain' }));
    timeline.send('kept', { files: [file] });
    await expect
      .poll(
        () => timeline.getSnapshot().rows.filter((row) => row.type === 'message' && row.sequence !== null),
        deadline,
      )
      .toHaveLength(1);
    // Whoever can change a backup must not make its restore run anything.
    await server.read(
      database,
      `CREATE FUNCTION promote() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.role := 2; RETURN NEW; END $$;
       CREATE TRIGGER promote BEFORE INSERT ON account FOR EACH ROW EXECUTE FUNCTION promote()`,
    );
    const backup = join(old, 'saved');
    expect(await type(`backup ${backup}`, old, database)).toMatchObject({ code: 0, said: `Backed up to ${backup}\n` });
    client.close();

    expect(await type(`restore ${backup}`, fresh, database)).toMatchObject({
      code: 1,
      said: expect.stringContaining('is not empty'),
    });
    const target = await server.createDatabase();
    expect(await type(`restore ${backup}`, fresh, target)).toMatchObject({
      code: 0,
      said: expect.stringContaining('Everyone must sign in again'),
    });
    await server.read(target, 'DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal); END $$');
    const restored = await start(fresh, target);
    const asks = async (bearer: string) =>
      fetch(new URL(`/api/files/${file.id}`, restored.url), { headers: { authorization: `Bearer ${bearer}` } });
    expect((await asks(token)).status).toBe(401);
    const ann = await signIn(restored.url, { name: 'ann', password });
    expect(await (await asks(ann.token)).text()).toBe('not empty');
    const again = createChatClient({ url: restored.url, me: ann.me, token: ann.token });
    expect(await read(again)).toEqual(['kept']);
    again.close();
  });
});
