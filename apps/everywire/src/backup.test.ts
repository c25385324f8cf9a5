import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createChatClient, register, signIn } from '@everywire/chat-client';
import { afterEach, beforeAll, expect, test } from 'vitest';

/*
 * The example of docs/guides/back-up-and-restore.md, word for word, beside a real server that is being written to.
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = join(root, 'apps/everywire/dist/command.js');
const guide = readFileSync(join(root, 'docs/guides/back-up-and-restore.md'), 'utf8');
const [backUpLine = '', restoreLine = ''] = guide.match(/^everywire (?:backup|restore) \S+$/gm) ?? [];
const run = promisify(execFile);
const children: ChildProcess[] = [];
const directories: string[] = [];

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'apps/everywire'], {
    cwd: root,
  });
}, 120_000);
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-backup-'));
  directories.push(directory);
  return directory;
}

async function start(directory: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const env = { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', EVERYWIRE_TCP_PORT: 'off' };
  const child = spawn(process.execPath, [command], { cwd: directory, env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /^Everywire is ready at (\S+)$/m.exec(output)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', () => reject(new Error(`it did not start: ${output}`)));
  });
  return { child, url };
}

/** A line of the guide, in a directory; the word `everywire` is our command. */
async function type(line: string, directory: string): Promise<string> {
  const [, ...words] = line.split(' ');
  const done = await run(process.execPath, [command, ...words], { cwd: directory, env: { PATH: process.env['PATH'] } });
  return done.stdout;
}

const deadline = { timeout: 20_000, interval: 20 };

test('a backup beside a server that is written to is one moment of it, and a new server goes on from there', async () => {
  expect([backUpLine.split(' ')[1], restoreLine.split(' ')[1]]).toEqual(['backup', 'restore']);
  const [old, fresh] = [makeDirectory(), makeDirectory()];
  const { child, url } = await start(old);
  const { me, token } = await register(url, { name: 'ann', password: 'correct horse battery' });
  const client = createChatClient({ url, me, token });
  const conversation = await client.createGroup('Garden', []);
  const timeline = client.openTimeline(conversation);
  const sent = () =>
    timeline.getSnapshot().rows.filter((row) => row.type === 'message' && row.receipt?.state !== 'waiting').length;
  const picture = await client.upload(new File(['not empty'], 'notes.txt', { type: 'text/plain' }));
  timeline.send('before', { files: [picture] });
  await expect.poll(sent, deadline).toBeGreaterThanOrEqual(1);
  let going = true;
  const writing = (async () => {
    for (let count = 0; going; count += 1) {
      timeline.send(`${count}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  expect(await type(backUpLine, old)).toMatch(/^Backed up to /);
  going = false;
  await writing;
  await client.close();
  child.kill('SIGKILL');
  await once(child, 'exit');

  const backup = join(old, backUpLine.split(' ')[2] ?? '');
  const there = join(fresh, restoreLine.split(' ')[2] ?? '');
  mkdirSync(join(there, '..'), { recursive: true });
  execFileSync('cp', ['-r', backup, there]);
  expect(statSync(join(backup, 'everywire.sqlite')).mode & 0o777).toBe(0o600);
  expect(await type(restoreLine, fresh)).toMatch(/^Restored /);
  const second = await start(fresh);
  const again = await signIn(second.url, { name: 'ann', password: 'correct horse battery' });
  const restored = createChatClient({ url: second.url, me: again.me, token: again.token });
  await expect.poll(() => restored.getSnapshot().conversations.map(({ title }) => title), deadline).toEqual(['Garden']);
  const log = restored.openTimeline(conversation);
  const texts = () => log.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row.text] : []));
  await expect.poll(() => texts().length, deadline).toBeGreaterThan(0);
  const authorization = `Bearer ${again.token}`;
  const file = await fetch(new URL(`/api/files/${picture.id}`, second.url), { headers: { authorization } });
  expect(await file.text()).toBe('not empty');
  await restored.close();
}, 60_000);

test('neither replaces anything, and each says in a line what is in the way', async () => {
  const directory = makeDirectory();
  const refusal = async (line: string) => {
    const failed = await type(line, directory).then(
      () => null,
      (error: { readonly code: number; readonly stderr: string }) => error,
    );
    return [failed?.code, failed?.stderr.replaceAll(directory, '').split('\n').length];
  };
  expect(await refusal(backUpLine)).toEqual([1, 2]);
  expect(await refusal('everywire restore none')).toEqual([1, 2]);
  expect(await refusal('everywire backup')).toEqual([2, 5]);
  const { child } = await start(directory);
  await type('everywire backup copy', directory);
  expect(await refusal('everywire backup copy')).toEqual([1, 2]);
  expect(await refusal('everywire restore copy')).toEqual([1, 2]);
  child.kill('SIGKILL');
  writeFileSync(join(directory, 'copy', 'everywire.sqlite'), 'no database at all, whatever it is called');
  rmSync(join(directory, 'data'), { recursive: true });
  expect(await refusal('everywire restore copy')).toEqual([1, 2]);
}, 60_000);
