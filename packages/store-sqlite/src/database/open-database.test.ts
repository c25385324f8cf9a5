import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/**
 * Returns what a separate process reports about a database in memory, because the driver is chosen once per process.
 */
function ask(driver: string): string {
  const program = `
    import { openDatabase } from '@everywire/store-sqlite/internal';
    try {
      const database = openDatabase(':memory:');
      database.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB) STRICT');
      database.prepare('INSERT INTO t VALUES (?, ?)').run(9007199254740993n, Buffer.from('ab'));
      const all = database.prepare('SELECT n, b FROM t');
      const [row] = all.all();
      const exact = database.prepare('SELECT n FROM t').pluck().safeIntegers().get();
      const [iterated] = [...database.prepare('SELECT n, b FROM t').raw().iterate()];
      let code;
      try { database.prepare('INSERT INTO t VALUES (9007199254740993, NULL)').run(); } catch (error) { code = error.code; }
      console.log([row.n, Buffer.isBuffer(row.b), exact, iterated[0], Buffer.isBuffer(iterated[1]), code].join());
    } catch (error) {
      console.log(error.code + ': ' + error.message);
    }`;
  const env = { ...process.env, EVERYWIRE_SQLITE: driver };
  const options = { cwd: new URL('.', import.meta.url), env, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], options).trim();
}

it('both drivers read the same values and name the same errors', () => {
  const same = '9007199254740992,true,9007199254740993,9007199254740992,true,SQLITE_CONSTRAINT_PRIMARYKEY';
  expect(ask('')).toBe(same);
  expect(ask('auto')).toBe(same);
});

it('a missing driver is reported in one line with the alternatives', () => {
  expect(ask('oracle')).toMatch(
    /^store_driver_missing: The store needs SQLite\. EVERYWIRE_SQLITE is "oracle", .* use auto, node or better-sqlite3\.$/,
  );
});
