import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits, StoreError } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

// Tests a store on a full disk: a small disk in memory. To mount it, the tests must run as root; otherwise they fail, because
// skipping them would prove nothing.

let directory: string;
let disk: string;
let opened: SqliteStore[];
/** How often the store reported a full disk. */
let full: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-full-store-'));
  disk = join(directory, 'disk');
  mkdirSync(disk);
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' });
  opened = [];
  full = 0;
});

afterEach(async () => {
  for (const store of opened) await store.close();
  execFileSync('/bin/umount', [disk]);
  rmSync(directory, { recursive: true });
});

function open(file: string): SqliteStore {
  const store = createSqliteStore({
    file,
    limits: { retrialMs: 20 },
    onDiskFull: () => {
      full += 1;
    },
  });
  opened.push(store);
  return store;
}

/** Fills the rest of the disk. */
const fill = (): void => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Number(bavail) * Number(bsize)));
};

/** Creates two users, a conversation, and list moves that wait for the tree. */
async function prepare(store: SqliteStore): Promise<number> {
  const driver = new StoreDriver(store, chatLimits);
  const id = await driver.direct(1, 2);
  for (let at = 0; at < 5; at += 1) await driver.send(1, id, `text ${at}`);
  return id;
}

/** Returns what a reader sees by every kind of read that a start may have broken. */
async function readAll(store: SqliteStore, id: number): Promise<readonly unknown[]> {
  const { entries } = await store.listPage(2, null, 10);
  const { rows } = await new StoreDriver(store, chatLimits).page(2, id, { limit: 100 });
  const found = await store.search(2, {
    terms: [],
    senders: [1],
    places: null,
    has: [],
    from: null,
    until: null,
    after: null,
    limit: 20,
  });
  return [entries.length, rows.length, found.hits.length];
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
  );

describe('a start on a full disk', () => {
  it('after a kill with waiting list moves, a full store reads, rejects sends as `full`, and sends once there is room', async () => {
    const source = join(directory, 'chat.db');
    const id = await prepare(open(source));
    const file = join(disk, 'chat.db');
    for (const side of ['', '-wal', '-shm', '.position'])
      if (existsSync(source + side)) copyFileSync(source + side, file + side);
    fill();
    const store = open(file);
    expect(await readAll(store, id)).toEqual([1, 6, 5]);
    await goOn(store, id);
  });

  it('after a clean close without room for shared memory, a store reads, and sends once there is room', async () => {
    const file = join(disk, 'chat.db');
    const first = open(file);
    const id = await prepare(first);
    await first.close();
    fill();
    const store = open(file);
    expect(await readAll(store, id)).toEqual([1, 6, 5]);
    await goOn(store, id);
  });
});

async function goOn(store: SqliteStore, id: number): Promise<void> {
  await expect.poll(() => store.health(), { timeout: 10_000 }).toMatchObject({ lastCommitOk: false, isDiskFull: true });
  expect(full).toBeGreaterThan(0);
  expect(await codeOf(store.setSetting('name', 'x'.repeat(20_000)))).toBe('full');
  rmSync(join(disk, 'filler'));
  await expect.poll(() => store.health(), { timeout: 10_000 }).toEqual({ lastCommitOk: true, isDiskFull: false });
  const others = new StoreDriver(store, chatLimits);
  await others.send(3, await others.direct(3, 4), 'sent again');
  expect(await readAll(store, id)).toEqual([1, 6, 5]);
  await store.close();
  expect(await readAll(open(join(disk, 'chat.db')), id)).toEqual([1, 6, 5]);
}
