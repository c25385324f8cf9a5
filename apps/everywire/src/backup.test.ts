import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createChatClient, register, signIn } from '@everywire/chat-client';
import { createSqliteStore } from '@everywire/store-sqlite';
import { afterEach, expect, test } from 'vitest';
import { USAGE } from './command-line.js';

/*
 * Runs the example of docs/guides/back-up-and-restore.md, word for word, while a real server receives writes.
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = join(root, 'apps/everywire/dist/command.js');
const guide = readFileSync(join(root, 'docs/guides/back-up-and-restore.md'), 'utf8');
const [backUpLine = '', restoreLine = ''] = guide.match(/^everywire (?:backup|restore) \S+$/gm) ?? [];
const run = promisify(execFile);
const children: ChildProcess[] = [];
const directories: string[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-backup-'));
  directories.push(directory);
  return directory;
}

/** Starts a server with its data in this directory. */
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

/** Runs a line of the guide in a directory; `everywire` stands for our command. */
async function type(line: string, directory: string): Promise<string> {
  const [, ...words] = line.split(' ');
  const done = await run(process.execPath, [command, ...words], { cwd: directory, env: { PATH: process.env['PATH'] } });
  return done.stdout;
}

const deadline = { timeout: 20_000, interval: 20 };

test('a backup contains everything acknowledged before, with a busy server or after a crash, and a new server continues from it', async () => {
  expect([backUpLine.split(' ')[1], restoreLine.split(' ')[1]]).toEqual(['backup', 'restore']);
  const [old, fresh] = [makeDirectory(), makeDirectory()];
  const { child, url } = await start(old);
  const { me, token } = await register(url, { name: 'ann', password: 'correct horse battery' });
  const client = createChatClient({ url, me, token });
  const conversation = await client.createGroup('Garden', []);
  const timeline = client.openTimeline(conversation);
  const acknowledged = () =>
    timeline.getSnapshot().rows.flatMap((row) => (row.type === 'message' && row.sequence !== null ? [row.text] : []));
  const picture = await client.upload(new File(['not empty'], 'notes.txt', { type: 'text/plain' }));
  timeline.send('before', { files: [picture] });
  await expect.poll(acknowledged, deadline).toContain('before');
  const unfinished = join(old, 'data', 'files', 'unfinished');
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'half'), 'half of an upl');
  let going = true;
  const writing = (async () => {
    for (let count = 0; going; count += 1) {
      timeline.send(`${count}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  await expect.poll(() => acknowledged().length, deadline).toBeGreaterThan(20);
  await register(url, { name: 'ben', password: 'correct horse battery' });
  const promised = acknowledged();
  expect(await type(backUpLine, old)).toMatch(/^Backed up to /);
  going = false;
  await writing;
  await client.close();
  await register(url, { name: 'cat', password: 'correct horse battery' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  // The latest acknowledged messages are only in the write-ahead log, not yet in the database file.
  expect(await type('everywire backup after-a-crash', old)).toMatch(/^Backed up to /);
  const crashed = createSqliteStore({ file: join(old, 'after-a-crash', 'everywire.sqlite') });
  expect((await crashed.searchUsers('', null, 9)).map(({ name }) => name)).toEqual(['ann', 'ben', 'cat']);
  await crashed.close();

  const backup = join(old, backUpLine.split(' ')[2] ?? '');
  const there = join(fresh, restoreLine.split(' ')[2] ?? '');
  mkdirSync(join(there, '..'), { recursive: true });
  execFileSync('cp', ['-r', backup, there]);
  const modeOf = (path: string) => statSync(join(backup, path)).mode & 0o777;
  expect([modeOf(''), modeOf('files'), modeOf('everywire.sqlite')]).toEqual([0o700, 0o700, 0o600]);
  expect(readdirSync(join(backup, 'files'))).not.toContain('unfinished');
  expect(await type(restoreLine, fresh)).toMatch(/^Restored .* Everyone must sign in again/);
  const second = await start(fresh);
  const again = await signIn(second.url, { name: 'ann', password: 'correct horse battery' });
  const restored = createChatClient({ url: second.url, me: again.me, token: again.token });
  await expect.poll(() => restored.getSnapshot().conversations.map(({ title }) => title), deadline).toEqual(['Garden']);
  const log = restored.openTimeline(conversation);
  const texts = () => log.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row.text] : []));
  await expect.poll(() => log.getSnapshot().rows.length, deadline).toBeGreaterThan(0);
  while (!log.getSnapshot().atStart) {
    const { length } = log.getSnapshot().rows;
    log.loadOlder();
    await expect.poll(() => log.getSnapshot().rows.length, deadline).toBeGreaterThan(length);
  }
  // Everything acknowledged before the backup began, and the person who had just joined.
  expect(texts()).toEqual(expect.arrayContaining(promised));
  expect((await signIn(second.url, { name: 'ben', password: 'correct horse battery' })).me.name).toBe('ben');
  const authorization = `Bearer ${again.token}`;
  const file = await fetch(new URL(`/api/files/${picture.id}`, second.url), { headers: { authorization } });
  expect(await file.text()).toBe('not empty');
  await restored.close();
}, 60_000);

test('neither backup nor restore overwrites anything, and each names the obstacle in one line', {
  tags: ['wide'],
  timeout: 60_000,
}, async () => {
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
  expect(await refusal('everywire backup')).toEqual([2, 2 + USAGE.split('\n').length]);
  expect(await refusal('everywire restore none --keep')).toEqual([2, 2 + USAGE.split('\n').length]);
  expect(await refusal('everywire restore none --keep-sign-ins')).toEqual([1, 2]);
  const { child } = await start(directory);
  await type('everywire backup copy', directory);
  expect(await refusal('everywire backup copy')).toEqual([1, 2]);
  expect(await refusal('everywire restore copy')).toEqual([1, 2]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const data = join(directory, 'data');
  for (const name of readdirSync(data)) if (name.startsWith('everywire.sqlite')) rmSync(join(data, name));
  await expect(type('everywire restore copy', directory)).rejects.toThrow('belong to a store');
  await type('everywire restore copy --take-files', directory);
  const again = await start(directory);
  again.child.kill('SIGKILL');
  await once(again.child, 'exit');
  writeFileSync(join(directory, 'copy', 'everywire.sqlite'), 'no database at all, whatever it is called');
  rmSync(join(directory, 'data'), { recursive: true });
  expect(await refusal('everywire restore copy')).toEqual([1, 2]);
});

test('a restore does not follow symbolic links to a store or to files', async () => {
  const directory = makeDirectory();
  for (const part of ['everywire.sqlite', 'files']) {
    const crafted = makeDirectory();
    writeFileSync(join(crafted, 'everywire.sqlite'), '');
    rmSync(join(crafted, part), { force: true });
    symlinkSync(part === 'files' ? tmpdir() : command, join(crafted, part));
    await expect(type(`everywire restore ${crafted}`, directory)).rejects.toThrow(`${part} is a symbolic link`);
    expect(readdirSync(directory)).toEqual([]);
  }
}, 60_000);

test('a restore fails immediately when the store or the files are a special file', async () => {
  const directory = makeDirectory();
  for (const part of ['everywire.sqlite', 'files']) {
    const crafted = makeDirectory();
    writeFileSync(join(crafted, 'everywire.sqlite'), '');
    rmSync(join(crafted, part), { force: true });
    execFileSync('mkfifo', [join(crafted, part)]);
    const kind = part === 'files' ? 'directory' : 'regular file';
    await expect(type(`everywire restore ${crafted}`, directory)).rejects.toThrow(`${part} is not a ${kind}`);
    expect(readdirSync(directory)).toEqual([]);
  }
}, 60_000);

test('a backup or restore that may lack message files returns a special exit code', async () => {
  const directory = makeDirectory();
  const { child } = await start(directory);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const files = join(directory, 'data', 'files');
  mkdirSync(join(files, 'ab'), { recursive: true });
  writeFileSync(join(files, 'notes of the operator'), '');
  expect(await type('everywire backup whole', directory)).toMatch(
    /not files of messages:\n {2}notes of the operator$/m,
  );
  symlinkSync(join(directory, 'not mounted'), join(files, 'cd'));
  const missing = { code: 4, stderr: expect.stringMatching(/files of messages may be missing.*\n {2}cd$/m) };
  await expect(type('everywire backup cut', directory)).rejects.toMatchObject(missing);
  rmSync(join(directory, 'data'), { recursive: true });
  symlinkSync(tmpdir(), join(directory, 'whole', 'files', 'cd'));
  await expect(type('everywire restore whole', directory)).rejects.toMatchObject(missing);
  expect(readdirSync(join(directory, 'data', 'files'))).not.toContain('cd');
}, 60_000);
