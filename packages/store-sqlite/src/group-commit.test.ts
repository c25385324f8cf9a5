import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '@everywire/chat';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from './connection.js';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { type CommitWitness, GroupCommit } from './group-commit.js';
import { DEFAULT_SQLITE_STORE_LIMITS, type SqliteStoreLimits } from './limits.js';

let directory: string;
let database: Database;
let commits: GroupCommit;

function start(
  limits: Partial<SqliteStoreLimits> = {},
  file = join(directory, 'group.db'),
  witness: CommitWitness | null = null,
): void {
  const all = { ...DEFAULT_SQLITE_STORE_LIMITS, busyTimeoutMs: 0, ...limits };
  database = openConnection(file, all, 'inline');
  database.exec('CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, body TEXT UNIQUE)');
  commits = new GroupCommit(database, all, { witness });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-group-'));
  start();
});

afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

function insert(body: string): unknown {
  return database.prepare('INSERT INTO note (body) VALUES (?)').run(body);
}

function bodies(): readonly unknown[] {
  return database.prepare('SELECT body FROM note ORDER BY id').pluck().all();
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const reason = await promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );
  return reason instanceof StoreError ? reason.code : String(reason);
}

describe('grouping', () => {
  it('gathers the changes of one turn into one transaction, in their order', async () => {
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

  it('resolves only after another connection can see the commit', async () => {
    const outside = openDatabase(join(directory, 'group.db'), { readonly: true });
    await commits.submit(() => insert('a'));
    expect(outside.prepare('SELECT count(*) FROM note').pluck().get()).toBe(1);
    outside.close();
  });

  it('commits no more than a group at once', async () => {
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

  it('undoes a change that throws, alone', async () => {
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

  it('commits the others of a group without those that met damage, in their order', async () => {
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
    const told = settled.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error).name));
    expect(told).toEqual(['1', 'StoreError', 'StoreError', 'StoreError', 'b', 'c', 'RangeError', '3']);
    expect(await failureOf(bad[0] as Promise<unknown>)).toBe('damaged');
    expect([...bodies()].sort()).toEqual(['1', '3', 'b', 'c']);
    expect([...noted].sort()).toEqual(['1', '3', 'b', 'c']);
    expect(commits.health()).toEqual({ lastCommitOk: true, isDiskFull: false });
  });

  it('takes back in memory what it takes back on the disk', async () => {
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
    const beside = failureOf(commits.submit(() => note('d')));
    const orphan = failureOf(commits.submit(() => database.exec('INSERT INTO child VALUES (99)')));
    expect(await Promise.all([beside, orphan])).toEqual(['busy', 'busy']);
    expect(noted).toEqual(['a', 'c']);
  });

  it('refuses more than may wait, and after a close', async () => {
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

  it('commits nothing while held', async () => {
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

  it('commits what waits when it is closed, also where nobody resumes it', async () => {
    commits.hold();
    await Promise.all([commits.submit(() => insert('a')), commits.close()]);
    expect(bodies()).toEqual(['a']);
  });
});

describe('the witness', () => {
  it('is called inside the transaction, then after the commit can be seen and before any promise settles', async () => {
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

  it('hears of no commit that failed', async () => {
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
  it('rejects all with busy while another program writes, and goes on afterwards', async () => {
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

  it('finds out by itself that it is well again', async () => {
    database.close();
    start({ retrialMs: 5 });
    const other = openDatabase(join(directory, 'group.db'), { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    await failureOf(commits.submit(() => insert('a')));
    other.exec('ROLLBACK');
    other.close();
    await expect.poll(() => commits.health(), { interval: 5, timeout: 10_000 }).toMatchObject({ lastCommitOk: true });
  });

  it('rejects all, the refused as well, when the commit itself fails', async () => {
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

  it('answers full when the database may not grow, and reads go on', async () => {
    await commits.submit(() => insert('before'));
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 1}`);
    const large = failureOf(commits.submit(() => insert('x'.repeat(100_000))));
    const beside = failureOf(commits.submit(() => insert('small')));
    expect(await Promise.all([large, beside])).toEqual(['full', 'full']);
    expect(bodies()).toEqual(['before']);
    database.pragma('max_page_count = 1000000');
    await commits.submit(() => insert('after'));
    expect(bodies()).toEqual(['before', 'after']);
  });
});

// Mounting takes root. Where that is not given this fails, because then nothing is shown.
it('answers full on a full disk, still reads, and recovers when there is space again', async () => {
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
