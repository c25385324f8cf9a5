import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits, type ListPageAnswer } from '@everywire/chat';
import { createRandom, type SeededRandom, StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from './database/open-database.js';
import type { SqliteStoreLimits } from './limits.js';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

// Tests list moves: a new message moves its conversation up in the lists of all members. The moves are collected and
// applied later, and must survive a crash.

const people = [1, 2, 3, 4, 5];
/** Members of each conversation, from the first: four direct, three groups, of which one is large. */
const members = [
  [1, 2],
  [1, 3],
  [1, 4],
  [1, 5],
  [1, 2, 3],
  [1, 2],
  [1, 2, 3, 4, 5],
] as const;
const steps = 120;
const crashEvery = 30;
const few = { listMovesPerUser: 3, listMovesMax: 10 };
const none = { listMovesPerUser: 1 };

let directory: string;
let opened: SqliteStore[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-moves-'));
  opened = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true });
});

function open(name: string, limits: Partial<SqliteStoreLimits>): SqliteStore {
  const chat = { ...chatLimits, smallMembersMax: 3 };
  const store = createSqliteStore({ file: join(directory, name), limits, chatLimits: chat, checkpoint: 'inline' });
  opened.push(store);
  return store;
}

function drive(store: SqliteStore): StoreDriver {
  return new StoreDriver(store, { ...chatLimits, smallMembersMax: 3 });
}

/** Copies the store as a crash between two commits leaves it. */
function copyAsItIs(from: string, to: string): void {
  for (const end of ['', '-wal']) copyFileSync(join(directory, `${from}${end}`), join(directory, `${to}${end}`));
}

function count(name: string, sql: string): number {
  const database = openDatabase(join(directory, name), { readonly: true });
  const found = Number(database.prepare(sql).pluck().get());
  database.close();
  return found;
}

/** Returns both orders and the name search, for any store. */
async function listsOf(store: SqliteStore, user: number, since: number): Promise<unknown> {
  const epoch = await store.epoch();
  const whole = await store.listPage(user, null, 100);
  const after = whole.entries[1];
  const rest =
    after === undefined
      ? null
      : await store.listPage(
          user,
          { place: after.place, activity: after.activity, conversation: after.conversation },
          2,
        );
  const changed = await store.list(user, `${epoch}.${since}`, 100);
  const found = await store.findConversations(user, { name: 'g', peers: [] }, { after: null, limit: 50 });
  const ids = ({ entries }: Pick<ListPageAnswer, 'entries'>): readonly number[] =>
    entries.map(({ conversation }) => conversation);
  return { whole: whole.entries, rest: rest && ids(rest), changed: ids(changed), found: ids(found) };
}

/** One user makes one change to one conversation. Some are refused: a former member cannot send. */
function deedOf(random: SeededRandom): (driver: StoreDriver) => Promise<unknown> {
  const conversation = 1 + random.below(members.length);
  const among = members[conversation - 1] ?? [];
  const user = among[random.below(among.length)] ?? 1;
  const deeds: readonly ((driver: StoreDriver) => Promise<unknown>)[] = [
    ...Array.from({ length: 6 }, () => (driver: StoreDriver) => driver.send(user, conversation)),
    (driver) => driver.read(user, conversation, 1),
    (driver) => driver.do(user, { command: 'arrange', conversation, place: 'pinned' }),
    (driver) => driver.do(user, { command: 'arrange', conversation, place: 'normal' }),
    (driver) => driver.do(user, { command: 'dismiss', conversation }),
    (driver) => driver.leave(user, conversation),
    (driver) => driver.add(1, conversation, user),
  ];
  return deeds[random.below(deeds.length)] ?? ((driver) => driver.send(user, conversation));
}

function refusalOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (error: Error) => error.message,
  );
}

for (const seed of [1, 2]) {
  const name = `[CH-13.2] [CH-14.1] lists as if every move were written at once, through crashes, seed ${seed}`;
  // `npm test` uses one seed.
  it(name, { tags: [...(seed === 1 ? [] : ['wide'])] }, async () => {
    const random = createRandom(seed);
    const atOnce = open('at-once.db', none);
    let store = open('gathered-0.db', few);
    const latest = new Proxy(store, { get: (_, method) => Reflect.get(store, method) });
    const drivers = [drive(atOnce), drive(latest)] as const;
    const both = async (work: (driver: StoreDriver) => Promise<unknown>): Promise<void> => {
      const [one, other] = await Promise.all(drivers.map((driver) => refusalOf(work(driver))));
      expect(other).toEqual(one);
    };
    for (const [place, [owner, ...others]] of members.entries())
      await both((driver) => (place < 4 ? driver.direct(owner, others[0]) : driver.group(owner, others)));
    for (let step = 1; step <= steps; step += 1) {
      await both(deedOf(random));
      if (step % crashEvery === 0) {
        const crash = step / crashEvery;
        copyAsItIs(`gathered-${crash - 1}.db`, `gathered-${crash}.db`);
        store = open(`gathered-${crash}.db`, few);
      }
      const since = random.below(steps);
      for (const user of people) expect(await listsOf(store, user, since)).toEqual(await listsOf(atOnce, user, since));
    }
    const waiting = count(`gathered-${steps / crashEvery}.db`, 'SELECT count(*) FROM list_moved');
    expect(waiting).toBeLessThanOrEqual(few.listMovesMax);
  });
}

it.each([2, 16])('a list move is rolled back with its change, %i at a time', async (listMovesPerUser) => {
  const store = open('chat.db', { listMovesPerUser });
  const driver = drive(store);
  const [first, second] = [await driver.group(1, [2], 'first'), await driver.group(1, [2], 'second')];
  await driver.send(1, first);
  const before = await store.listPage(1, null, 10);
  // Storing an unserialisable result under the command's key fails after all other writes.
  const broken = store.change({
    target: { by: 'id', conversation: second },
    needs: { members: [1], openMembers: false, messages: [], thread: null } as never,
    key: { user: 1, id: 'f'.repeat(32), hash: '', at: 5_000 },
    decide: ({ conversation, members, epoch }) => {
      if (conversation === null || epoch === '') throw new Error('no rows');
      const grown = { ...conversation, modification: conversation.modification + 1, activity: 9_000 };
      const changes = {
        conversation: grown,
        append: [],
        touch: [],
        members: [...members.values()],
        versions: [],
        hidden: [],
        follows: [],
        unfollow: [],
      };
      return { outcome: 'accepted', changes, result: 1n, notices: [] };
    },
  });
  await expect(broken).rejects.toThrow(/BigInt/);
  expect(await store.listPage(1, null, 10)).toEqual(before);
  await driver.send(2, second);
  expect((await store.listPage(1, null, 10)).entries.map(({ conversation }) => conversation)).toEqual([second, first]);
});
