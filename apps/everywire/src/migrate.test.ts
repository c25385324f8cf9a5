import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Accounts, chatLimits, type FileRecords, type MessageName, type Store } from '@everywire/chat';
import { createPostgresStore } from '@everywire/store-postgres';
import { createSqliteStore } from '@everywire/store-sqlite';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/* Migrates a whole store from SQLite to PostgreSQL by the command `everywire migrate`. */

type Six = readonly [MessageName, MessageName, MessageName, MessageName, MessageName, MessageName];
type AnyStore = Store & Accounts & FileRecords;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = join(root, 'apps/everywire/dist/command.js');
const people = [1, 2, 3, 4, 5];
const identity = { issuer: 'https://id.example/é', subject: '42' };
const ended = { issuer: 'https://id.example', subject: '"43"' };

let directory: string;
let file: string;

/** Starts the command. */
function start(database: string, word = 'migrate'): ChildProcess {
  return spawn(process.execPath, [command, word], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', EVERYWIRE_POSTGRES: database },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the command and returns its output and exit code. Kills it as soon as it prints `killAt`. */
async function migrate(database: string, killAt?: string): Promise<{ code: number | null; said: string }> {
  const child = start(database);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (killAt !== undefined && said.includes(killAt)) child.kill('SIGKILL');
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

const open = (url: string) =>
  createPostgresStore({
    url,
    onLimitsDiffer: (error) => {
      throw error;
    },
  });

/** Fills a store with something of every kind. Returns its last conversation, and a command to send again. */
async function fill(store: AnyStore) {
  const driver = new StoreDriver(store, chatLimits);
  for (const name of ['ann', 'ben', 'cem', 'dot'])
    await store.createUser({ name, displayName: name.toUpperCase(), passwordHash: `of ${name}`, createdAt: 1 });
  const newcomer = { name: 'eve', displayName: 'Eve', passwordHash: null, createdAt: 5 };
  await store.createUserOf(identity, newcomer);
  const left = await store.createUserOf(ended, { ...newcomer, name: 'fay' });
  await store.deleteUser(left?.id ?? 0, 'remove', 6);
  const kept = { user: 1, createdAt: 1, usedAt: 1, transport: 'long-poll' };
  await store.createCredential({ ...kept, id: 'c1', label: 'a laptop', tokenHash: 't1' });
  await store.createLink({
    id: 'l1',
    kind: 'account',
    secretHash: 's1',
    user: 1,
    label: 'for all',
    createdAt: 1,
    expiresAt: 2 ** 50,
    usesMax: 3,
  });
  await store.beginSecondFactor(2, 'SECRET');
  await store.confirmSecondFactor(2, { secret: 'SECRET', step: 7 }, ['r1', 'r2']);
  await store.setSetting('registration', 'closed');
  const file = 'f'.repeat(32);
  await store.addFile({ id: file, owner: 1, size: 10, at: 1 }, 100);
  const ref = { id: file, name: 'notes.txt', type: 'text/plain', size: 10, kind: 'file' } as const;
  await store.finishFile(file, ref as never, 1, 10);

  await driver.send(1, await driver.direct(1, 2), 'between us');
  const group = await driver.group(1, [2, 3, 5], 'Garden \ud83c\udf3b');
  const said: MessageName[] = [];
  for (let at = 0; at < 8; at += 1) {
    const { sequence, id } = await driver.send(1 + (at % 3), group, `said ${at}`);
    said.push({ sequence, id });
  }
  const [first, second, third, fourth, fifth, sixth] = said as unknown as Six;
  await driver.sendWith(2, group, { mentions: { users: [1], all: false }, thread: first, quote: second });
  await driver.run(1, { command: 'send', id: driver.mintId(), conversation: group, text: 'a file', files: [file] }, [
    ref as never,
  ]);
  await driver.do(1, { command: 'edit', conversation: group, message: first, base: 0, text: 'said better' });
  await driver.do(3, { command: 'react', conversation: group, message: second, emoji: '👍', set: true });
  await driver.do(1, { command: 'pin', conversation: group, message: third, set: true });
  await driver.do(1, { command: 'recall', conversation: group, message: fourth });
  await driver.do(2, { command: 'hide', conversation: group, messages: [fifth] });
  await driver.do(2, { command: 'forward', conversation: group, from: group, message: sixth });
  await driver.do(1, {
    command: 'createInvite',
    conversation: group,
    secret: 'a'.repeat(32),
    expiresAt: null,
    usesMax: 4,
  });
  await driver.do(4, { command: 'join', conversation: group, secret: 'a'.repeat(32) });
  await driver.remove(1, group, 5);
  await driver.do(3, { command: 'arrange', conversation: group, place: 'pinned' });
  await driver.do(3, { command: 'mute', conversation: group, until: 2 ** 45 });
  await driver.do(3, { command: 'notify', conversation: group, rule: 'mentions' });
  await driver.do(2, { command: 'mark', conversation: group, marked: true });
  await driver.do(3, { command: 'block', user: 4, blocked: true });
  await driver.do(4, { command: 'setReceipts', on: false });
  await driver.draft(2, group, 'half a thought \0', 0);
  await driver.read(3, group, 6);
  await driver.delivered(2, group, 7);
  const channel = { command: 'createChannel', name: 'News', listed: true } as never;
  await driver.do(1, channel);
  const gone = await driver.group(2, [1], 'gone');
  await driver.sendMany(2, gone, 3);
  await driver.do(2, { command: 'delete', conversation: gone });
  const repeated = { command: 'send', id: driver.mintId(), conversation: group, text: 'once \0 \ud83d\ude00' } as const;
  await driver.run(1, repeated);
  const long = await driver.group(1, [2], 'a long one');
  await driver.sendMany(2, long, 2_300);
  return { long, repeated, now: driver.now };
}

/** Returns everything that each user can read from a store, and what the server knows about them. */
async function seenIn(store: AnyStore): Promise<unknown> {
  const driver = new StoreDriver(store, chatLimits);
  const seen: unknown[] = [];
  for (const user of people) {
    const { entries } = await driver.listAll(user, null);
    for (const entry of [...entries].sort((a, b) => a.conversation - b.conversation)) {
      const { conversation } = entry;
      const page = { anchor: { at: 'end' }, limit: 100, check: null } as const;
      seen.push(entry, await store.page(user, conversation, page), await store.members(user, conversation, null, 100));
      seen.push(await store.pins(user, conversation), await store.hidden(user, conversation, 0, 100));
      seen.push(await store.invites(user, conversation), await store.readers(user, conversation, 5));
    }
    seen.push(await store.threads(user, null, 100), await store.privacy(user), await store.privateDetails(user));
    seen.push(await store.credentials(user), await store.secondFactor(user), await store.file(user, 'f'.repeat(32)));
  }
  seen.push(await store.searchUsers('', null, 100), await store.directory('', null, 100), await store.erasures());
  seen.push(await store.links(null, 1, { after: null, limit: 9 }), await store.setting('registration'));
  seen.push(await store.userOf(identity), await store.userOf(ended));
  // Each store has its own epoch.
  return JSON.parse(JSON.stringify(seen, (key, value) => (key === 'epoch' ? undefined : value)));
}

describe('everywire migrate', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let database: string;
  beforeAll(async () => {
    server = await startPostgres();
  });
  beforeEach(async () => {
    database = await server.createDatabase();
    directory = mkdtempSync(join(tmpdir(), 'everywire-migrate-'));
    mkdirSync(join(directory, 'data'));
    file = join(directory, 'data', 'everywire.sqlite');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  afterAll(() => server?.stop());

  it('a migration copies the whole store, also after it was killed midway, and every user reads the same as before', async () => {
    const sqlite = createSqliteStore({ file });
    const { long, repeated, now } = await fill(sqlite);
    const before = await seenIn(sqlite);
    await sqlite.close();

    expect((await migrate(database, 'copied conversation')).code).toBe(null);
    await expect(open(database)).rejects.toMatchObject({ code: 'store_incomplete' });
    expect(await migrate(database)).toMatchObject({ code: 0, said: expect.stringContaining('compared message: 23') });
    expect((await migrate(database)).said).toContain('not empty');

    const store = await open(database);
    expect(await seenIn(store)).toEqual(before);
    const driver = new StoreDriver(store, chatLimits, { firstId: 2 ** 41 });
    driver.pass(now);
    expect(await driver.run(1, repeated)).toMatchObject({ outcome: 'repeated' });
    const { sequence } = await driver.entry(1, long);
    expect((await driver.send(2, long)).sequence).toBe(sequence + 1);
    expect(await driver.group(1, [2])).toBe(long + 1);
    expect((await store.createUser({ name: 'gus', displayName: 'G', passwordHash: null, createdAt: 9 }))?.id).toBe(7);
    expect(await store.useCredential('t1', 1)).toMatchObject({ user: { name: 'ann' } });
    await store.close();
  }, 120_000);

  it('a migration refuses a store that a server has open, and a damaged one', async () => {
    const sqlite = createSqliteStore({ file });
    const driver = new StoreDriver(sqlite, chatLimits);
    await driver.sendMany(1, await driver.group(1, [2]), 3);
    expect(await migrate(database)).toMatchObject({
      code: 1,
      said: expect.stringContaining('open in another process'),
    });
    await sqlite.close();
    const raw = openDatabase(file);
    raw.exec("UPDATE message SET body = body || '!' WHERE sequence = 2");
    raw.close();
    expect(await migrate(database)).toMatchObject({ code: 3, said: expect.stringContaining('is damaged') });
    await (await open(database)).close();
  }, 120_000);
});
