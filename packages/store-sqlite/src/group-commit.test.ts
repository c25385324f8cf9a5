// Over 300 lines: the cases of one class share their database and helpers.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '@everywire/chat';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from './connection.js';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { type CommitObserver, GroupCommit } from './group-commit.js';
import { DEFAULT_SQLITE_STORE_LIMITS, type SqliteStoreLimits } from './limits.js';

// Tests `GroupCommit`, which commits all changes of one tick in one transaction, because a commit waits for the disk.

let directory: string;
let database: Database;
let commits: GroupCommit;

function start(
  limits: Partial<SqliteStoreLimits> = {},
  file = join(directory, 'group.db'),
  observer: CommitObserver | null = null,
): void {
  const all = { ...DEFAULT_SQLITE_STORE_LIMITS, busyTimeoutMs: 0, ...limits };
  database = openConnection(file, all, 'inline');
  database.exec('CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, body TEXT UNIQUE)');
  commits = new GroupCommit(database, all, { observer });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-group-'));
  start();
});

afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

/** Inserts a row; fails if there is one with the same body. */
function insert(body: string): unknown {
  return database.prepare('INSERT INTO note (body) VALUES (?)').run(body);
}

function bodies(): readonly unknown[] {
  return database.prepare('SELECT body FROM note ORDER BY id').pluck().all();
}

/** Returns the code of the rejection, or `resolved`. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  const reason = await promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );
  return reason instanceof StoreError ? reason.code : String(reason);
}

describe('grouping', () => {
  it('changes of one tick are gathered into one transaction, in order', async () => {
    const seen: boolean[] = [];
    const outside = openDatabase(join(directory, 'group.db'), { readonly: true });
    const count = outside.prepare('SELECT count(*) FROM note').pluck();
    const changes = ['a', 'b', 'c'].map((body) =>
      commits.submit(() => {
        seen.push(count.get() === 0);
        insert(body);
        return body;
      }),
    );
    expect(await Promise.all(changes)).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual([true, true, true]);
    expect(bodies()).toEqual(['a', 'b', 'c']);
    outside.close();
  });

  it('a change resolves only after another connection can see the commit', async () => {
    const outside = openDatabase(join(directory, 'group.db'), { readonly: true });
    await commits.submit(() => insert('a'));
    expect(outside.prepare('SELECT count(*) FROM note').pluck().get()).toBe(1);
    outside.close();
  });

  it('a commit has no more changes than a group', async () => {
    database.close();
    start({ groupChangesMax: 2 });
    const outside = openDatabase(join(directory, 'group.db'), { readonly: true });
    const count = outside.prepare('SELECT count(*) FROM note').pluck();
    const committed: unknown[] = [];
    const change = (body: string) =>
      commits.submit(() => {
        committed.push(count.get());
        return insert(body);
      });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(change));
    expect(committed).toEqual([0, 0, 2, 2, 4]);
    outside.close();
  });

  it('only the change that throws is rolled back', async () => {
    const first = commits.submit(() => insert('a'));
    const refused = commits.submit(() => {
      insert('half');
      throw new RangeError('no');
    });
    const broken = commits.submit(() => insert('a'));
    const last = commits.submit(() => insert('b'));
    await expect(refused).rejects.toThrow(RangeError);
    await expect(broken).rejects.toThrow(/UNIQUE/);
    await Promise.all([first, last]);
    expect(bodies()).toEqual(['a', 'b']);
  });

  it('a group commits without the changes that met damage, in order', async () => {
    const damaged = Object.assign(new Error('database disk image is malformed'), { code: 'SQLITE_CORRUPT' });
    const noted: string[] = [];
    const change = (body: string, failure: Error | null = null) =>
      commits.submit(() => {
        noted.push(body);
        commits.undo.push(() => noted.pop());
        insert(body);
        if (failure !== null) throw failure;
        return body;
      });
    const bad = [change('a', damaged), change('d', damaged), change('f', damaged)];
    const good = ['b', 'c'].map((body) => change(body));
    const changes = [change('1'), ...bad, ...good, change('2', new RangeError('no')), change('3')];
    const settled = await Promise.allSettled(changes);
    const results = settled.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error).name));
    expect(results).toEqual(['1', 'StoreError', 'StoreError', 'StoreError', 'b', 'c', 'RangeError', '3']);
    expect(await failureOf(bad[0] as Promise<unknown>)).toBe('damaged');
    expect([...bodies()].sort()).toEqual(['1', '3', 'b', 'c']);
    expect([...noted].sort()).toEqual(['1', '3', 'b', 'c']);
    expect(commits.health()).toEqual({ lastCommitOk: true, isDiskFull: false });
  });

  it('a rollback also undoes in-memory state', async () => {
    const noted: string[] = [];
    const note = (body: string): void => {
      noted.push(body);
      commits.undo.push(() => noted.pop());
    };
    const good = commits.submit(() => note('a'));
    const refused = commits.submit(() => {
      note('b');
      insert('never');
      throw new RangeError('no');
    });
    const last = commits.submit(() => note('c'));
    await expect(refused).rejects.toThrow(RangeError);
    await Promise.all([good, last]);
    expect(noted).toEqual(['a', 'c']);
    database.exec('CREATE TABLE child (note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)');
    const small = failureOf(commits.submit(() => note('d')));
    const orphan = failureOf(commits.submit(() => database.exec('INSERT INTO child VALUES (99)')));
    expect(await Promise.all([small, orphan])).toEqual(['busy', 'busy']);
    expect(noted).toEqual(['a', 'c']);
  });

  it('changes are rejected above the limit and after a close', async () => {
    database.close();
    start({ queuedChangesMax: 1 });
    const waiting = commits.submit(() => insert('a'));
    expect(await failureOf(commits.submit(() => insert('b')))).toBe('busy');
    const closed = commits.close();
    expect(await failureOf(commits.submit(() => insert('c')))).toBe('busy');
    await closed;
    await waiting;
    expect(bodies()).toEqual(['a']);
  });

  it('nothing commits while held', async () => {
    commits.hold();
    let settled = false;
    const change = commits
      .submit(() => insert('a'))
      .then(() => {
        settled = true;
      });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    commits.resume();
    await change;
    expect(bodies()).toEqual(['a']);
  });

  it('closing commits waiting changes, even without a resume', async () => {
    commits.hold();
    await Promise.all([commits.submit(() => insert('a')), commits.close()]);
    expect(bodies()).toEqual(['a']);
  });
});

describe('the observer', () => {
  it('the observer is called inside the transaction, then after the commit is visible and before any promise settles', async () => {
    database.close();
    const outside = openDatabase(join(directory, 'group.db'), { readonly: true });
    const count = outside.prepare('SELECT count(*) FROM note').pluck();
    const seen: unknown[] = [];
    start({}, undefined, {
      beforeCommit: () => seen.push('before', count.get()),
      committed: () => seen.push('committed', count.get()),
    });
    await Promise.all(['a', 'b'].map((body) => commits.submit(() => insert(body)).then(() => seen.push('settled'))));
    expect(seen).toEqual(['before', 0, 'committed', 2, 'settled', 'settled']);
    outside.close();
  });

  it('the observer is not called for a failed commit', async () => {
    database.close();
    let committed = 0;
    start({}, undefined, {
      beforeCommit: () => undefined,
      committed: () => {
        committed += 1;
      },
    });
    database.exec('CREATE TABLE child (note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)');
    expect(await failureOf(commits.submit(() => database.exec('INSERT INTO child VALUES (99)')))).toBe('busy');
    expect(committed).toBe(0);
    await commits.submit(() => insert('a'));
    expect(committed).toBe(1);
  });
});

describe('failures', () => {
  it('all changes reject with `busy` while another program writes, and commits work afterwards', async () => {
    const other = openDatabase(join(directory, 'group.db'), { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    const both = ['a', 'b'].map((body) => failureOf(commits.submit(() => insert(body))));
    expect(await Promise.all(both)).toEqual(['busy', 'busy']);
    expect(commits.health()).toMatchObject({ lastCommitOk: false });
    other.exec('ROLLBACK');
    await commits.submit(() => insert('c'));
    expect(commits.health()).toMatchObject({ lastCommitOk: true });
    expect(bodies()).toEqual(['c']);
    other.close();
  });

  it('health recovers without a change', async () => {
    database.close();
    start({ retrialMs: 5 });
    const other = openDatabase(join(directory, 'group.db'), { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    await failureOf(commits.submit(() => insert('a')));
    other.exec('ROLLBACK');
    other.close();
    await expect.poll(() => commits.health(), { interval: 5, timeout: 10_000 }).toMatchObject({ lastCommitOk: true });
  });

  it('a failed commit rejects all changes, including those already rejected', async () => {
    database.exec('CREATE TABLE child (note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)');
    const good = failureOf(commits.submit(() => insert('a')));
    const refused = failureOf(
      commits.submit(() => {
        throw new RangeError('no');
      }),
    );
    const orphan = failureOf(commits.submit(() => database.exec('INSERT INTO child VALUES (99)')));
    expect(await Promise.all([good, refused, orphan])).toEqual(['busy', 'busy', 'busy']);
    expect(bodies()).toEqual([]);
    await commits.submit(() => insert('b'));
    expect(bodies()).toEqual(['b']);
  });

  it('changes reject with `full` when the database cannot grow, and reads work', async () => {
    await commits.submit(() => insert('before'));
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 1}`);
    const large = failureOf(commits.submit(() => insert('x'.repeat(100_000))));
    const small = failureOf(commits.submit(() => insert('small')));
    expect(await Promise.all([large, small])).toEqual(['full', 'full']);
    expect(bodies()).toEqual(['before']);
    database.pragma('max_page_count = 1000000');
    await commits.submit(() => insert('after'));
    expect(bodies()).toEqual(['before', 'after']);
  });
});

// Mounting needs root. Without it this test fails, because it would show nothing.
it('a full disk rejects with `full`, allows reads, and recovers when there is space', async () => {
  const disk = join(directory, 'disk');
  mountSmallDisk(disk);
  try {
    database.close();
    start({}, join(disk, 'group.db'));
    await commits.submit(() => insert('before'));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, Number(bavail) - 4) * Number(bsize)));
    expect(await failureOf(commits.submit(() => insert('x'.repeat(200_000))))).toBe('full');
    expect(commits.health()).toMatchObject({ lastCommitOk: false });
    expect(bodies()).toEqual(['before']);
    rmSync(join(disk, 'filler'));
    await commits.submit(() => insert('after'));
    expect(bodies()).toEqual(['before', 'after']);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  } finally {
    execFileSync('/bin/umount', [disk]);
  }
});

function mountSmallDisk(path: string): void {
  mkdirSync(path, { recursive: true });
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
}
