// @module-tag wide
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { createSqliteStore } from '@everywire/store-sqlite';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServerProcess } from './server-process.js';

/* Kills the server with `kill -9` while it erases the messages of a deleted account. */

/** Number of messages of the deleted account. */
const texts = 1_500;
/** Number of kills. */
const kills = 2;
const deadline = { timeout: 300_000, interval: 5 };
/** The name of the deleted account, and a word in each of its texts. */
const traces = /wolverine/gi;

let data: string;
let file: string;
let server: ServerProcess;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'everywire-account-kill-'));
  file = join(data, 'everywire.sqlite');
  server = new ServerProcess(data);
});

afterEach(async () => {
  await server.kill();
  rmSync(data, { recursive: true });
}, 60_000);

/** Registers a user. */
async function register(name: string): Promise<{ readonly id: number; readonly token: string }> {
  const answer = await fetch(`${server.url}/api/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: 'correct horse' }),
  });
  const { me, token } = (await answer.json()) as { readonly me: { readonly id: number }; readonly token: string };
  return { id: me.id, token };
}

/** Makes `root` an administrator and lets the others send messages, while no server runs. Returns their group. */
async function talk(root: number, leaving: number, staying: number): Promise<number> {
  const store = createSqliteStore({ file, checkpoint: 'inline', search: 'inline' });
  await store.changeUser(root, { role: 'administrator' });
  const driver = new StoreDriver(store, chatLimits);
  driver.pass(Date.now());
  const conversation = await driver.group(leaving, [staying]);
  const sends = Array.from({ length: texts }, (_, number) => driver.send(leaving, conversation, `wolverine ${number}`));
  await Promise.all([...sends, driver.send(staying, conversation, 'heron')]);
  await driver.draft(leaving, conversation, 'wolverine, unsaid', 0);
  await store.close();
  return conversation;
}

/** Queries the database file, whether or not a server has it open. */
function ask<Value>(sql: string): Value | undefined {
  const database = openDatabase(file, { readonly: true });
  try {
    return database.prepare<[], Value>(sql).pluck().get();
  } finally {
    database.close();
  }
}

/** Number of messages that are not erased yet. */
const textsLeft = (): number => ask<number>("SELECT count(*) FROM message WHERE body LIKE '%wolverine%'") ?? 0;
/** Returns whether the erasure of an account is still pending. */
const isDue = (): boolean => ask<number>('SELECT count(*) FROM account_erasure') === 1;

/** Counts the traces of the account in the database and its log. */
function tracesLeft(): number {
  const bytes = [file, `${file}-wal`].map((path) => (existsSync(path) ? readFileSync(path, 'latin1') : ''));
  return bytes.join('\n').match(traces)?.length ?? 0;
}

it(`[CH-40] a deleted account is erased completely, even if the server is killed ${kills} times meanwhile`, {
  timeout: 900_000,
}, async () => {
  await server.start().started;
  const [root, leaving, staying] = [await register('keeper'), await register('wolverine'), await register('heron')];
  await server.stop();
  const conversation = await talk(root.id, leaving.id, staying.id);
  expect(textsLeft()).toBe(texts);

  await server.start().started;
  const deleted = await fetch(`${server.url}/api/people/${leaving.id}?texts=remove`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${root.token}` },
  });
  expect(deleted.status).toBe(204);
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = textsLeft();
    await expect.poll(textsLeft, deadline).toBeLessThan(Math.max(before, 1));
    await server.kill();
    expect([textsLeft() > 0, isDue()], `kill ${kill}, ${textsLeft()} texts left`).toEqual([true, true]);
    await server.start().started;
  }

  await expect.poll(isDue, deadline).toBe(false);
  await expect.poll(tracesLeft, deadline).toBe(0);
  await server.stop();
  const store = createSqliteStore({ file, checkpoint: 'inline', search: 'inline' });
  expect((await store.users([leaving.id]))[0]).toMatchObject({ state: 'deleted', name: '', displayName: '' });
  const page = await store.page(staying.id, conversation, { anchor: { at: 'end' }, limit: 50, check: null });
  if (page.outcome !== 'page') throw new Error(page.outcome);
  const kinds = page.rows.map(({ body, sender }) => (sender === leaving.id ? body.kind : 'other'));
  expect(kinds).toContain('recalled');
  expect(kinds).not.toContain('text');
  expect((await store.entry(staying.id, conversation)).entry?.role).toBe('owner');
  await store.close();
  expect([tracesLeft(), ask('PRAGMA integrity_check')]).toEqual([0, 'ok']);
});
