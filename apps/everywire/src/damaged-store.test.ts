import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chatLimits, type WirePage } from '@everywire/chat';
import { createChatClient } from '@everywire/chat-client';
import { createSqliteStore } from '@everywire/store-sqlite';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { dropCells, leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterEach, expect, test } from 'vitest';
import { wideUnless } from '../../../tests/lane.js';

/* Tests the real server and its commands with a store that was damaged while the server was stopped. */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = join(root, 'apps/everywire/dist/command.js');
const messages = 600;
const deadline = { timeout: 30_000, interval: 50 };
const children: ChildProcess[] = [];
const directories: string[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A running server. */
interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
}

async function start(directory: string): Promise<Running> {
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
  return { child, url, output: () => output };
}

async function post(url: string, body: object, token = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Creates the directory of a stopped server with one person and a long conversation. */
async function makePlace(): Promise<{ readonly directory: string; readonly file: string; readonly token: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-damage-'));
  directories.push(directory);
  const { child, url } = await start(directory);
  const registered = await post(`${url}/api/register`, { name: 'ann', password: 'correct horse battery' });
  const { token } = (await registered.json()) as { token: string };
  child.kill('SIGTERM');
  await once(child, 'exit');
  const file = join(directory, 'data', 'everywire.sqlite');
  const store = createSqliteStore({ file });
  const driver = new StoreDriver(store, chatLimits);
  const conversation = await driver.group(1, []);
  expect(conversation).toBe(1);
  await Promise.all(
    Array.from({ length: messages }, (_, index) => driver.send(1, 1, `message ${index} of some length`)),
  );
  await store.close();
  return { directory, file, token };
}

/** Returns six pages of the database file that contain messages. */
function leaves(file: string): readonly number[] {
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all('message');
  database.close();
  expect(pages.length).toBeGreaterThan(8);
  return pages.slice(1, 7);
}

/** Pages back through the whole conversation by REST; returns the numbers of messages and of damaged messages. */
async function pageBack(url: string, token: string): Promise<readonly [rows: number, damaged: number]> {
  let [rows, damaged] = [0, 0];
  for (let below = 1_000_000; below > 1; ) {
    const anchor = { at: 'before', sequence: below };
    const answer = await post(`${url}/api/commands/page`, { conversation: 1, anchor, limit: 100, check: null }, token);
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as WirePage;
    rows += page.rows.length;
    const covered = page.covers === null ? 0 : page.covers[1] - page.covers[0] + 1;
    if (page.head.sequence > 0 && below <= page.head.sequence) expect(page.rows).toHaveLength(covered);
    for (const [low, high] of page.damaged ?? []) damaged += high - low + 1;
    below = Math.min(...[...(page.damaged ?? []), ...(page.covers === null ? [] : [page.covers])].flat());
  }
  return [rows, damaged];
}

/** Runs a command such as `everywire check`. Returns its exit code and output. */
async function type(line: string, directory: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env: { PATH: process.env['PATH'] } };
    execFile(process.execPath, [command, ...line.split(' ').slice(1)], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
}

/** Ways to damage a store; whether `npm test` tries them. */
const damages = [
  ['pages that lost five rows each', (file: string) => dropCells(file, leaves(file), 5), true],
  ['zeroed pages', (file: string) => zeroPages(file, leaves(file)), false],
] as const;
const namesMessages = expect.stringMatching(/ is damaged:\n {2}messages \d+ to \d+ of conversation 1 /);

for (const [name, damage, quick] of damages) {
  const title = `a server over ${name} reports the damage to its operator and to clients, and serves the rest`;
  test(title, { tags: wideUnless(quick), timeout: 90_000 }, async () => {
    const { directory, file, token } = await makePlace();
    damage(file);
    const { url, output } = await start(directory);

    // No client has read a message yet, so only the background check can have found the damage.
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, deadline).toBe(503);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'not ready', code: 'damaged' });
    expect(output()).toMatch(/ error +store_damaged: messages \d+ to \d+ of conversation 1 /);

    const [rows, damaged] = await pageBack(url, token);
    expect(rows + damaged).toBe(messages + 1);
    expect(damaged).toBeGreaterThanOrEqual(30);
    const sent = { conversation: 1, text: 'it still works', id: 'e'.repeat(32) };
    expect((await post(`${url}/api/commands/send`, sent, token)).status).toBe(200);
    expect(await rowsOfSdk(url, token)).toEqual({ damaged: expect.toSatisfy((runs) => runs > 0), others: rows + 1 });

    expect(await type('everywire check', directory)).toEqual({ code: 3, said: namesMessages });
    expect(await type('everywire backup copy', directory)).toEqual({ code: 3, said: namesMessages });
  });

  test(`a backup of a store with ${name} is restored as a sound store that names the missing messages`, {
    tags: ['wide'],
    timeout: 90_000,
  }, async () => {
    const { directory, file, token } = await makePlace();
    expect(await type('everywire check', directory)).toEqual({ code: 0, said: expect.stringMatching(/ is sound\n$/) });
    damage(file);
    expect((await type('everywire backup copy', directory)).code).toBe(3);
    renameSync(join(directory, 'data'), join(directory, 'damaged'));
    expect((await type('everywire restore copy --keep-sign-ins', directory)).code).toBe(0);
    expect((await type('everywire check', directory)).code).toBe(0);
    const { url } = await start(directory);
    const [rows, damaged] = await pageBack(url, token);
    expect(rows + damaged).toBe(messages + 1);
    expect(damaged).toBeGreaterThanOrEqual(30);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
}

/** Loads the whole history with the SDK; returns the numbers of damaged and of other rows. */
async function rowsOfSdk(url: string, token: string): Promise<{ readonly damaged: number; readonly others: number }> {
  const client = createChatClient({ url, me: { id: 1, name: 'ann', displayName: 'ann' }, token });
  const timeline = client.openTimeline(1);
  const isWhole = (): boolean => {
    const { rows, atStart } = timeline.getSnapshot();
    for (const row of rows) if (row.type === 'gap') timeline.fillGap(row.key);
    if (!atStart) timeline.loadOlder();
    return atStart && rows.every((row) => row.type !== 'gap');
  };
  await expect.poll(isWhole, deadline).toBe(true);
  const { rows } = timeline.getSnapshot();
  await client.close();
  const damaged = rows.filter((row) => row.type === 'damaged').length;
  return { damaged, others: rows.length - damaged };
}
