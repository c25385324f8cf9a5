import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { createRandom, leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Damage } from './damage/damage.js';
import { openDatabase } from './database/open-database.js';
import type { SqliteStoreLimits } from './limits.js';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

// Tests a store whose index of the conversation lists is damaged. All of its content can be derived from other tables, so
// nothing is lost.

const pairs = 200;
const people = Array.from({ length: 2 * pairs }, (_, index) => index + 1);

let directory: string;
let opened: SqliteStore[];
/** The damage that the store reported. */
let reports: Damage[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-lists-'));
  opened = [];
  reports = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true });
});

const path = (name: string): string => join(directory, name);

function open(name: string, limits: Partial<SqliteStoreLimits> = {}): SqliteStore {
  const store = createSqliteStore({
    file: path(name),
    checkpoint: 'inline',
    search: 'inline',
    limits: { damageCheckDelayMs: Number.POSITIVE_INFINITY, ...limits },
    onDamage: (damage) => reports.push(damage),
  });
  opened.push(store);
  return store;
}

/** Creates a store with pairs of users who have exchanged a message. Returns the conversations. */
async function fill(name: string, limits: Partial<SqliteStoreLimits>): Promise<readonly number[]> {
  const store = open(name, limits);
  const driver = new StoreDriver(store, chatLimits);
  const talks = await Promise.all(Array.from({ length: pairs }, (_, at) => driver.direct(2 * at + 1, 2 * at + 2)));
  await Promise.all(talks.map((talk, at) => driver.send(2 * at + 1, talk)));
  await store.close();
  return talks;
}

/** Overwrites one leaf page of the index. @param which the index of the page among the leaves */
function damageLeaf(name: string, which: number): void {
  const database = openDatabase(path(name), { readonly: true });
  const leaves = database.prepare<[string], number>(leafPagesSql).pluck().all('list_order');
  database.close();
  zeroPages(path(name), leaves.slice(which, which + 1));
}

function driverOf(store: SqliteStore): StoreDriver {
  const driver = new StoreDriver(store, chatLimits);
  driver.pass(1_000_000);
  for (let used = 0; used < 5_000; used += 1) driver.mintId();
  return driver;
}

async function listOf(store: SqliteStore, user: number, since = 0): Promise<unknown> {
  const page = await store.listPage(user, null, 100);
  const changed = await store.list(user, `${await store.epoch()}.${since}`, 100);
  const found = await store.findConversations(user, { name: 'g', peers: [] }, { after: null, limit: 50 });
  return [page, changed, found].map(({ entries }) => entries);
}

describe.each([
  ['moves that wait', {}, []],
  ['no moves that wait', { listMovesPerUser: 1 }, ['wide']],
] as const)('with %s', (_, limits, tags) => {
  it('a damaged leaf of the lists blocks neither the start nor any send', { tags: [...tags] }, async () => {
    const talks = await fill('chat.db', limits);
    copyFileSync(path('chat.db'), path('whole.db'));
    damageLeaf('chat.db', 1);
    const [damaged, whole] = [open('chat.db', { listMovesMax: 60 }), open('whole.db', { listMovesMax: 60 })];
    for (const store of [damaged, whole]) {
      const driver = driverOf(store);
      for (let round = 0; round < 2; round += 1)
        await Promise.all(talks.map((talk, at) => driver.send(2 * at + 1 + round, talk)));
    }
    for (const user of people) expect(await listOf(damaged, user)).toEqual(await listOf(whole, user));
    expect(reports).toMatchObject([{ kind: 'unreadable', table: 'list_order' }]);
    expect(damaged.health()).toMatchObject({ lastCommitOk: true });
    await damaged.close();
    const again = open('chat.db');
    for (const user of people) expect(await listOf(again, user)).toEqual(await listOf(whole, user));
  });
});

it('[CH-13.2] [CH-14.1] with a damaged tree, lists equal those of an intact store across all moves and a crash', async () => {
  const members = [
    [1, 2],
    [1, 3],
    [1, 2, 3],
    [2, 3],
    [1, 2, 3, 4],
  ] as const;
  const begin = open('begin.db');
  const first = new StoreDriver(begin, chatLimits);
  for (const [owner, ...others] of members) await first.group(owner, others, 'g');
  await begin.close();
  copyFileSync(path('begin.db'), path('whole.db'));
  damageLeaf('begin.db', 0);
  const whole = open('whole.db');
  let damaged = open('begin.db', { listMovesPerUser: 2, listMovesMax: 5 });
  const latest = new Proxy(damaged, { get: (_, method) => Reflect.get(damaged, method) });
  const drivers = [driverOf(whole), driverOf(latest)];
  const random = createRandom(7);
  for (let step = 0; step < 120; step += 1) {
    const conversation = 1 + random.below(members.length);
    const user = 1 + random.below(4);
    const deed = random.below(9);
    const outcomes = drivers.map(async (driver) => {
      if (deed < 4) return await driver.send(user, conversation);
      if (deed === 4) return await driver.leave(user, conversation);
      if (deed === 5) return await driver.add(1, conversation, user);
      if (deed === 6) return await driver.do(user, { command: 'dismiss', conversation });
      const place = deed === 7 ? 'pinned' : 'normal';
      return await driver.do(user, { command: 'arrange', conversation, place });
    });
    const [one, other] = (await Promise.allSettled(outcomes)).map((each) =>
      each.status === 'rejected' ? String(each.reason) : 'done',
    );
    expect(other).toBe(one);
    const since = random.below(80);
    for (const each of [1, 2, 3, 4])
      expect(await listOf(damaged, each, since)).toEqual(await listOf(whole, each, since));
    if (step !== 60) continue;
    for (const side of ['', '-wal']) copyFileSync(path(`begin.db${side}`), path(`crashed.db${side}`));
    damaged = open('crashed.db', { listMovesPerUser: 2, listMovesMax: 5 });
  }
});
