import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from './connection.js';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import { type Migration, migrate } from './migrate.js';

// Tests `migrate`, which brings a store to the current schema, step by step, after a copy as backup.

const ONE: Migration = { version: 1, apply: (database) => database.exec('CREATE TABLE note (body TEXT)') };
const TWO: Migration = {
  version: 2,
  apply: (database) => database.exec('ALTER TABLE note ADD COLUMN at INTEGER; UPDATE note SET at = 7'),
};
const THREE_FAILS: Migration = {
  version: 3,
  apply: (database) => {
    database.exec('DROP TABLE note');
    throw new Error('the step was wrong');
  },
};

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-migrate-'));
  file = join(directory, 'chat.db');
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Opens the database, runs the work, and closes it. */
function withDatabase<T>(work: (database: Database) => T): T {
  const database = openConnection(file, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  try {
    return work(database);
  } finally {
    database.close();
  }
}

describe('migrations', () => {
  it('a new store is built without a backup', () => {
    const outcome = withDatabase((database) => migrate(database, file, [ONE, TWO]));
    expect(outcome).toEqual({ from: 0, to: 2, backup: null });
  });

  it('an older store is migrated with its rows, after a durable copy', () => {
    withDatabase((database) => {
      migrate(database, file, [ONE]);
      database.exec("INSERT INTO note VALUES ('kept')");
    });
    const outcome = withDatabase((database) => migrate(database, file, [ONE, TWO]));
    expect(outcome).toEqual({ from: 1, to: 2, backup: `${file}.before-v2` });
    withDatabase((database) =>
      expect(database.prepare('SELECT body, at FROM note').get()).toEqual({ body: 'kept', at: 7 }),
    );
    const backup = openDatabase(`${file}.before-v2`, { readonly: true });
    expect(backup.pragma('user_version', { simple: true })).toBe(1);
    expect(backup.prepare('SELECT * FROM note').all()).toEqual([{ body: 'kept' }]);
    backup.close();
    expect(statSync(`${file}.before-v2`).mode & 0o777).toBe(0o600);
  });

  it('an up-to-date store is not changed', () => {
    withDatabase((database) => migrate(database, file, [ONE, TWO]));
    expect(withDatabase((database) => migrate(database, file, [ONE, TWO]))).toEqual({ from: 2, to: 2, backup: null });
    expect(existsSync(`${file}.before-v2`)).toBe(false);
  });

  it('a failed step leaves the store intact at the previous version', () => {
    withDatabase((database) => {
      migrate(database, file, [ONE]);
      database.exec("INSERT INTO note VALUES ('kept')");
      expect(() => migrate(database, file, [ONE, TWO, THREE_FAILS])).toThrow('the step was wrong');
    });
    withDatabase((database) => {
      expect(database.pragma('user_version', { simple: true })).toBe(2);
      expect(database.prepare('SELECT body, at FROM note').get()).toEqual({ body: 'kept', at: 7 });
    });
  });

  it('a store of a later version is rejected and not changed', () => {
    withDatabase((database) => migrate(database, file, [ONE, TWO]));
    expect(() => withDatabase((database) => migrate(database, file, [ONE]))).toThrow(
      expect.objectContaining({ code: 'store_newer' }),
    );
  });
});
