import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AcknowledgedLoss } from './acknowledged-position.js';
import { copySqliteStore } from './copy-store.js';
import { openDatabase } from './database/open-database.js';
import { restoreSqliteStore } from './restore-store.js';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

// Tests the detection of lost commits: a file next to the store has the position of the last acknowledged commit, so
// that a store whose write-ahead log was lost is noticed and gets a new epoch.

/** The endings of the files of a store. */
const sides = ['', '-wal', '.position'] as const;

let directory: string;
let opened: SqliteStore[];
let losses: AcknowledgedLoss[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-position-'));
  opened = [];
  losses = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

const path = (name: string): string => join(directory, name);

/** Checkpoints never run, so that commits stay in the write-ahead log. */
function open(file: string): SqliteStore {
  const store = createSqliteStore({
    file,
    checkpoint: 'inline',
    search: 'inline',
    limits: { inlineCheckpointPages: 1e6 },
    onAcknowledgedLost: (loss) => losses.push(loss),
  });
  opened.push(store);
  return store;
}

async function send(store: SqliteStore, count: number): Promise<{ readonly driver: StoreDriver; readonly id: number }> {
  const driver = new StoreDriver(store, chatLimits);
  const id = await driver.group(1, [2]);
  for (let at = 0; at < count; at += 1) await driver.send(1, id, `text ${at}`);
  return { driver, id };
}

/** Copies what a kill would leave of an open store at this moment. */
function copyAsKilled(file: string, name: string): string {
  mkdirSync(path(name), { recursive: true });
  const copy = join(path(name), 'chat.db');
  for (const side of sides) if (existsSync(file + side)) copyFileSync(file + side, copy + side);
  return copy;
}

function sequenceOf(file: string): number {
  const database = openDatabase(file);
  const sequence = Number(database.prepare('SELECT max(sequence) FROM conversation').pluck().get());
  database.close();
  return sequence;
}

async function textsIn(store: SqliteStore, id: number): Promise<number> {
  const { rows } = await new StoreDriver(store, chatLimits).page(2, id, { limit: 100 });
  return rows.filter(({ body }) => body.kind === 'text').length;
}

const damages: Readonly<Record<string, (wal: string) => void>> = {
  'cut in half': (wal) => truncateSync(wal, readFileSync(wal).length / 2),
  'changed in one byte': (wal) => {
    const bytes = readFileSync(wal);
    const middle = bytes.length / 2;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(wal, bytes);
  },
};

describe('[CH-26.1] acknowledged messages whose write-ahead log is lost', () => {
  it.each(Object.keys(damages))(
    'are reported at the next start, and the epoch changes, when the log was %s',
    async (name) => {
      const first = open(path('chat.db'));
      const { id } = await send(first, 40);
      const epoch = await first.epoch();
      const copy = copyAsKilled(path('chat.db'), 'killed');
      damages[name]?.(`${copy}-wal`);

      const second = open(copy);
      expect(await textsIn(second, id)).toBeLessThan(40);
      expect(losses).toHaveLength(1);
      const [loss] = losses;
      expect(loss?.missing).toBe((loss?.acknowledged ?? 0) - (loss?.stored ?? 0));
      expect(loss?.missing).toBeGreaterThan(0);
      expect(await second.epoch()).not.toBe(epoch);
    },
  );

  it('lost messages are reported if the log was removed after a partial checkpoint', async () => {
    const file = path('chat.db');
    const first = open(file);
    const { driver, id } = await send(first, 20);
    const writer = openDatabase(file);
    writer.pragma('wal_checkpoint(FULL)');
    writer.close();
    for (let at = 0; at < 7; at += 1) await driver.send(1, id, `later ${at}`);
    const copy = copyAsKilled(file, 'killed');
    rmSync(`${copy}-wal`);

    const second = open(copy);
    expect(await textsIn(second, id)).toBe(20);
    expect(losses).toMatchObject([{ missing: 7 }]);
  });

  it('lost messages are reported once: the next start reports nothing and keeps the new epoch', async () => {
    await send(open(path('chat.db')), 40);
    const copy = copyAsKilled(path('chat.db'), 'killed');
    damages['cut in half']?.(`${copy}-wal`);
    const second = open(copy);
    const epoch = await second.epoch();
    await new StoreDriver(second, chatLimits).group(5, [6]);
    const again = copyAsKilled(copy, 'again');
    const third = open(again);
    expect(losses).toHaveLength(1);
    expect(await third.epoch()).toBe(epoch);
  });

  it('a completely lost store is not replaced by an empty one unless requested', async () => {
    await send(open(path('chat.db')), 5);
    const copy = copyAsKilled(path('chat.db'), 'killed');
    rmSync(`${copy}-wal`);
    expect(() => open(copy)).toThrow(expect.objectContaining({ code: 'store_missing' }));
    rmSync(copy);
    expect(() => open(copy)).toThrow(expect.objectContaining({ code: 'store_missing' }));
    const fresh = createSqliteStore({ file: copy, checkpoint: 'inline', search: 'inline', isNew: true });
    await fresh.close();
    await open(copy).close();
    expect(losses).toEqual([]);
  });

  it('a lost account is reported as well', async () => {
    const first = open(path('chat.db'));
    await send(first, 1);
    const before = copyAsKilled(path('chat.db'), 'before');
    await first.createUser({ name: 'ann', displayName: 'Ann', passwordHash: null, createdAt: 1 });
    copyFileSync(`${path('chat.db')}.position`, `${before}.position`);
    open(before);
    expect(losses).toMatchObject([{ missing: 1 }]);
  });
});

describe('a store that has lost nothing', () => {
  it('an intact store reports nothing after a kill at any moment', async () => {
    const file = path('chat.db');
    const store = open(file);
    const driver = new StoreDriver(store, chatLimits);
    const id = await driver.group(1, [2]);
    for (let at = 0; at < 20; at += 1) {
      await driver.send(1, id, `text ${at}`);
      const copy = copyAsKilled(file, `killed ${at}`);
      const epoch = await store.epoch();
      expect(await open(copy).epoch()).toBe(epoch);
      expect(sequenceOf(copy)).toBe(at + 2);
    }
    expect(losses).toEqual([]);
  });

  it('an intact store reports nothing after a clean close, a reopening, or with a missing, torn or empty position file', async () => {
    const file = path('chat.db');
    await send(open(file), 5);
    await opened[0]?.close();
    await open(file).close();
    rmSync(`${file}.position`);
    await open(file).close();
    writeFileSync(`${file}.position`, '');
    await open(file).close();
    writeFileSync(`${file}.position`, Buffer.alloc(8_192, 0xff));
    await open(file).close();
    expect(losses).toEqual([]);
  });

  it('an intact store reports nothing if a power cut left an older position or one damaged slot', async () => {
    const file = path('chat.db');
    const store = open(file);
    const { driver, id } = await send(store, 3);
    const older = readFileSync(`${file}.position`);
    await driver.send(1, id, 'later');
    for (const [name, page] of [
      ['first page', 0],
      ['second page', 1],
    ] as const) {
      const copy = copyAsKilled(file, name);
      const bytes = readFileSync(`${copy}.position`).fill(0xff, page * 4_096, (page + 1) * 4_096);
      writeFileSync(`${copy}.position`, bytes);
      await open(copy).close();
    }
    const copy = copyAsKilled(file, 'older');
    writeFileSync(`${copy}.position`, older);
    await open(copy).close();
    expect(losses).toEqual([]);
  });

  it('a store knows when it was last written, but a copy of the database does not', async () => {
    const file = path('chat.db');
    const before = Date.now();
    const first = open(file);
    expect(first.lastWrittenAt).toBeNull();
    await first.close();
    expect(open(file).lastWrittenAt).toBeGreaterThanOrEqual(before);
    copyFileSync(file, path('copy.db'));
    expect(open(path('copy.db')).lastWrittenAt).toBeNull();
  });

  it('a store keeps the time of its clock, and the previous time until it has one', async () => {
    const file = path('chat.db');
    const first = open(file);
    first.followClock(() => 5_000);
    await first.close();
    expect(open(file).lastWrittenAt).toBe(5_000);
    expect(open(copyAsKilled(file, 'killed')).lastWrittenAt).toBe(5_000);
  });

  it('a store keeps working if the position file cannot be written', async () => {
    const file = path('chat.db');
    mkdirSync(`${file}.position`);
    const store = open(file);
    const { id } = await send(store, 3);
    expect(await textsIn(store, id)).toBe(3);
  });

  it('backups and restores report nothing, even with the position file of the previous store', async () => {
    const file = path('chat.db');
    const first = open(file);
    const { driver, id } = await send(first, 5);
    copySqliteStore({ file, backup: path('vacuumed.db') });
    await first.backUp(path('copied.db'));
    await driver.send(1, id, 'after the backup');
    await first.close();
    await open(path('vacuumed.db')).close();
    await open(path('copied.db')).close();
    copySqliteStore({ file, backup: path('rewritten.db') });
    renameSync(path('rewritten.db'), file);
    await open(file).close();
    rmSync(file);
    restoreSqliteStore({ backup: path('copied.db'), file });
    await open(file).close();
    expect(losses).toEqual([]);
  });

  it('an older copy put in place by hand, with the same epoch, is reported', async () => {
    const file = path('chat.db');
    const first = open(file);
    const { driver, id } = await send(first, 5);
    copySqliteStore({ file, backup: path('old.db') });
    await driver.send(1, id, 'after the backup');
    const epoch = await first.epoch();
    await first.close();
    copyFileSync(path('old.db'), file);
    const second = open(file);
    expect(losses).toMatchObject([{ missing: 1 }]);
    expect(await second.epoch()).not.toBe(epoch);
  });
});
