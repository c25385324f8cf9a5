import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database/open-database.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import type { Migration } from './migrate.js';
import { openStoreFile, type StoreFile } from './open-store-file.js';
import { StoreFileError } from './store-file-error.js';

// Tests `openStoreFile`, which opens the file of a store for one process, migrates it and runs checkpoints.

/** The schema of these tests. */
const NOTES: readonly Migration[] = [
  { version: 1, apply: (database) => database.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)') },
];

let directory: string;
let opened: StoreFile[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-open-'));
  opened = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

function open(file = join(directory, 'chat.db'), checkpoint: 'inline' | 'thread' = 'inline'): StoreFile {
  const options = {
    file,
    checkpoint,
    limits: DEFAULT_SQLITE_STORE_LIMITS,
    migrations: NOTES,
    onCheckpointerLost: () => undefined,
  };
  const store = openStoreFile(options);
  opened.push(store);
  return store;
}

/** Returns the error code of an attempt to open the file, or `opened`. */
function codeOfOpening(file?: string): string {
  try {
    open(file);
  } catch (error) {
    if (error instanceof StoreFileError) return error.code;
    throw error;
  }
  return 'opened';
}

/** Commits one row. */
function note(store: StoreFile, body: string): Promise<unknown> {
  return store.commits.submit(() => store.database.prepare('INSERT INTO note (body) VALUES (?)').run(body));
}

/** Keeps sixty changes in flight, so that the log always grows during a checkpoint. */
async function noteWithoutPause(store: StoreFile, least: number): Promise<number> {
  let count = 0;
  const writeOn = async (): Promise<void> => {
    while (count < least) {
      count += 1;
      await note(store, 'x'.repeat(2_000));
    }
  };
  await Promise.all(Array.from({ length: 60 }, writeOn));
  return count;
}

function permissions(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

describe('opening a store', () => {
  it.each(['inline', 'thread'] as const)('an opened store verifies its pragmas, checkpoints %s', (checkpoint) => {
    const { database } = open(undefined, checkpoint);
    const pragma = (name: string) => database.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('busy_timeout')).toBe(1_000);
    expect(pragma('cache_size')).toBe(-65_536);
    expect(pragma('journal_size_limit')).toBe(268_435_456);
    expect(pragma('wal_autocheckpoint')).toBe(checkpoint === 'inline' ? 1_000 : 0);
  });

  it('[A19] every file of a store is private to its owner', async () => {
    const file = join(directory, 'made', 'chat.db');
    await note(open(file), 'x');
    for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}.lock`]) expect(permissions(name)).toBe('600');
    expect(permissions(join(directory, 'made'))).toBe('700');
  });

  it('opening makes a readable copy private', () => {
    const file = join(directory, 'chat.db');
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    open(file);
    expect(permissions(file)).toBe('600');
  });

  it('commits are kept when a store is reopened', async () => {
    const first = open();
    await note(first, 'kept');
    await first.close();
    expect(open().database.prepare('SELECT body FROM note').pluck().get()).toBe('kept');
  });
});

describe('one store, one process', () => {
  it('a second opening in this process is rejected, even by another path', () => {
    const file = join(directory, 'chat.db');
    open(file);
    symlinkSync(file, join(directory, 'alias.db'));
    expect(codeOfOpening(file)).toBe('store_in_use');
    expect(codeOfOpening(join(directory, 'alias.db'))).toBe('store_in_use');
  });

  it('a store can be reopened after a close', async () => {
    await open().close();
    expect(codeOfOpening()).toBe('opened');
  });

  it('a store held by another process is rejected until that process is killed', async () => {
    const file = join(directory, 'chat.db');
    await open(file).close();
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLD, `${file}.lock`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(codeOfOpening(file)).toBe('store_in_use');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(codeOfOpening(file)).toBe('opened');
  });
});

/** Does what `takeStoreLock` does, in a process that cannot load TypeScript. */
const HOLD = `
  import { openDatabase } from '@everywire/store-sqlite/internal';
  const lock = openDatabase(process.argv[1]);
  lock.pragma('locking_mode = EXCLUSIVE');
  lock.exec('BEGIN EXCLUSIVE');
  console.log('held');
  setInterval(() => {}, 1000);
`;

describe('a file that is not a store', () => {
  it('a file that is not a database is rejected', () => {
    const file = join(directory, 'chat.db');
    writeFileSync(file, 'Dear diary, today I was opened by a chat server. '.repeat(200));
    expect(codeOfOpening(file)).toBe('store_corrupt');
  });

  it('a store with a damaged first page is rejected', async () => {
    const file = join(directory, 'chat.db');
    await open(file).close();
    const bytes = Buffer.alloc(4_000, 0xff);
    const { openSync, writeSync, closeSync } = await import('node:fs');
    const handle = openSync(file, 'r+');
    writeSync(handle, bytes, 0, bytes.length, 96);
    closeSync(handle);
    expect(codeOfOpening(file)).toBe('store_corrupt');
  });

  it('the database of another program is rejected and not changed', () => {
    const file = join(directory, 'other.db');
    const other = openDatabase(file);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    expect(codeOfOpening(file)).toBe('store_foreign');
    const again = openDatabase(file, { readonly: true });
    expect(again.prepare('SELECT name FROM sqlite_master').pluck().all()).toEqual(['theirs']);
    again.close();
  });

  it('a newer schema is rejected with advice', async () => {
    const store = open();
    store.database.pragma('user_version = 2');
    await store.close();
    expect(() => open()).toThrow(
      /newer version \(it has schema 2, this program knows up to 1\)\. Run the newer version/,
    );
    expect(codeOfOpening()).toBe('store_newer');
  });

  it('an invalid path is named in the error', () => {
    mkdirSync(join(directory, 'chat.db'));
    expect(codeOfOpening()).toBe('store_unwritable');
  });
});

describe('the checkpoint thread', () => {
  it('the checkpoint thread empties the log next to the writer', async () => {
    const options = { ...DEFAULT_SQLITE_STORE_LIMITS, checkpointIntervalMs: 5 };
    const file = join(directory, 'chat.db');
    const store = openStoreFile({
      file,
      checkpoint: 'thread',
      limits: options,
      migrations: NOTES,
      onCheckpointerLost: () => undefined,
    });
    opened.push(store);
    await note(store, 'x'.repeat(100_000));
    const grown = () => statSync(file).size > 100_000;
    await expect.poll(grown, { timeout: 10_000 }).toBe(true);
  });

  it('above the limit, the checkpoint thread holds the writer and releases it', async () => {
    const limits = {
      ...DEFAULT_SQLITE_STORE_LIMITS,
      checkpointIntervalMs: 10,
      logBytesMax: 1_000_000,
      logBytesKept: 1_000_000,
    };
    const file = join(directory, 'chat.db');
    const store = openStoreFile({
      file,
      checkpoint: 'thread',
      limits,
      migrations: NOTES,
      onCheckpointerLost: () => undefined,
    });
    opened.push(store);
    const count = await noteWithoutPause(store, 20_000);
    expect(store.database.prepare('SELECT count(*) FROM note').pluck().get()).toBe(count);
    // 40 MB of text were written; the thread runs eventually, however busy the machine.
    expect(statSync(`${file}-wal`).size).toBeLessThan(8_000_000);
  });
});
