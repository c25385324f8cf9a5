import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatLimits, chatLimits, StoreError } from '@everywire/chat';
import { type DriverOutcome, StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database/open-database.js';
import { restoreSqliteStore } from './restore-store.js';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

// Tests what is special to the store in SQLite; the contract of all stores is tested in sqlite-store.contract.test.ts.

const [ann, bob] = [1, 2];

let directory: string;
let opened: SqliteStore[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-sqlite-'));
  opened = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

function open(name = 'chat.db', limits: ChatLimits = chatLimits): { store: SqliteStore; driver: StoreDriver } {
  const store = createSqliteStore({ file: join(directory, name), chatLimits: limits, limits: { busyTimeoutMs: 20 } });
  opened.push(store);
  return { store, driver: new StoreDriver(store, limits) };
}

/** Returns the result of a command, or `null` if it was refused. */
function resultOf(outcome: DriverOutcome): unknown {
  return outcome.outcome === 'refused' ? null : outcome.result;
}

/** Returns the single value that this query yields from a store's file. */
function peek<T>(name: string, sql: string): T {
  const database = openDatabase(join(directory, name), { readonly: true });
  try {
    return database.prepare<[], T>(sql).pluck().get() as T;
  } finally {
    database.close();
  }
}

describe('health', () => {
  it('health reports whether the last commit succeeded', async () => {
    const { store, driver } = open();
    expect(store.health()).toEqual({ lastCommitOk: true, isDiskFull: false });
    const other = openDatabase(join(directory, 'chat.db'), { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    await expect(driver.group(ann, [bob])).rejects.toMatchObject({ code: 'busy' });
    expect(store.health()).toEqual({ lastCommitOk: false, isDiskFull: false });
    other.exec('ROLLBACK');
    other.close();
    await driver.group(ann, [bob]);
    expect(store.health()).toEqual({ lastCommitOk: true, isDiskFull: false });
  });
});

it('a change that needs more rows than the limit is rejected as a whole', async () => {
  const { driver } = open('chat.db', { ...chatLimits, needsRowsMax: 4 });
  const group = await driver.group(ann, [bob]);
  const add = (users: number[]): Promise<unknown> => driver.do(ann, { command: 'add', conversation: group, users });
  await add([3, 4, 5]);
  await expect(add([6, 7, 8, 9])).rejects.toThrow('too many rows');
  expect(peek<number>('chat.db', 'SELECT count(*) FROM member')).toBe(5);
});

describe('backup and restore', () => {
  it('a backup during sends is consistent', async () => {
    const { store, driver } = open();
    const id = await driver.group(ann, [bob]);
    const sends = Array.from({ length: 200 }, () => driver.send(ann, id));
    const backup = store.backUp(join(directory, 'backup.db'));
    await Promise.all([...sends, backup]);
    const [count, head] = ['SELECT count(*) FROM message', 'SELECT sequence FROM conversation'];
    expect(peek<number>('backup.db', count)).toBe(peek<number>('backup.db', head));
    expect(statSync(join(directory, 'backup.db')).mode & 0o777).toBe(0o600);
  });

  it('a backup that cannot take its name is rejected and leaves no unfinished copy', async () => {
    const { store, driver } = open();
    const backup = join(directory, 'backup.db');
    mkdirSync(backup);
    await expect(store.backUp(backup)).rejects.toMatchObject({ code: 'store_unwritable' });
    expect(() => statSync(`${backup}.unfinished`)).toThrow(/ENOENT/);
    await driver.group(ann, [bob]);
  });

  it('[CH-26.1] a restore never overwrites a store or changes the backup', async () => {
    const { store, driver } = open();
    await driver.group(ann, [bob]);
    const [backup, file] = [join(directory, 'backup.db'), join(directory, 'chat.db')];
    await store.backUp(backup);
    expect(() => restoreSqliteStore({ backup, file })).toThrow(expect.objectContaining({ code: 'store_exists' }));
    restoreSqliteStore({ backup, file: join(directory, 'restored.db') });
    expect(peek<string>('backup.db', 'SELECT epoch FROM store')).toBe(await store.epoch());
    expect(await open('restored.db').store.epoch()).not.toBe(await store.epoch());
  });

  it('an invalid backup is rejected and leaves no files', () => {
    const other = openDatabase(join(directory, 'other.db'));
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const restore = (): void =>
      restoreSqliteStore({ backup: join(directory, 'other.db'), file: join(directory, 'restored.db') });
    expect(restore).toThrow(expect.objectContaining({ code: 'store_foreign' }));
    expect(() => statSync(join(directory, 'restored.db'))).toThrow(/ENOENT/);
    expect(() => statSync(join(directory, 'restored.db.unfinished'))).toThrow(/ENOENT/);
  });
});

describe('[CH-4.4] what a table may gather', () => {
  it('[CH-18.5] expired command keys are removed', async () => {
    const { store, driver } = open();
    const id = await driver.group(ann, [bob]);
    await Promise.all(Array.from({ length: 300 }, () => driver.send(ann, id)));
    driver.pass(31 * 24 * 60 * 60 * 1_000);
    await Promise.all(Array.from({ length: 300 }, () => driver.send(ann, id)));
    await store.close();
    expect(peek<number>('chat.db', 'SELECT count(*) FROM command_key')).toBe(300);
  });

  it('[CH-18.2] [CH-18.5] a repeated command is answered until its key expires, however often keys are swept', async () => {
    const { driver } = open();
    const id = await driver.group(ann, [bob]);
    const days = chatLimits.commandKeyDays * 24 * 60 * 60 * 1_000;
    const old = { command: 'send', conversation: id, text: 'once', id: driver.mintId() } as const;
    const first = await driver.run(ann, old);
    const keptAt = driver.now;
    driver.pass(days - 1_000);
    await Promise.all(Array.from({ length: 300 }, () => driver.send(ann, id)));
    // The driver advances its clock by one with each command.
    driver.pass(keptAt + days - driver.now - 1);
    expect(await driver.run(ann, old)).toMatchObject({ outcome: 'repeated', result: resultOf(first) });
    expect(await driver.run(ann, old)).toMatchObject({ outcome: 'committed', result: { sequence: 303 } });
  });

  it('a listed member has two places, however often they move', async () => {
    const { store, driver } = open();
    const id = await driver.group(ann, [bob]);
    for (let round = 0; round < 20; round += 1) {
      await driver.send(ann, id);
      await driver.read(bob, id, round);
    }
    await driver.leave(bob, id);
    await store.close();
    expect(peek<number>('chat.db', 'SELECT count(*) FROM list_order')).toBe(4);
  });

  it('a draft has a separate row, only while it exists', async () => {
    const { store, driver } = open();
    const id = await driver.group(ann, [bob]);
    await driver.draft(ann, id, 'half a thought', 0);
    expect(peek<string>('chat.db', 'SELECT text FROM draft')).toBe('half a thought');
    await driver.sendWith(ann, id, { draft: 1 });
    await store.close();
    expect(peek<number>('chat.db', 'SELECT count(*) FROM draft')).toBe(0);
  });
});

describe('failures', () => {
  it('damage to an open file rejects with `StoreError`', async () => {
    const { store, driver } = open();
    const id = await driver.group(ann, [bob]);
    const other = openDatabase(join(directory, 'chat.db'), { unsafe: true });
    other.exec('PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 9999; PRAGMA schema_version = 99');
    other.close();
    const reading = store.entry(ann, id);
    await expect(reading).rejects.toBeInstanceOf(StoreError);
  });
});
