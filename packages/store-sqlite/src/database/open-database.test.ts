import { expect, it } from 'vitest';
import { openDatabase } from './open-database.js';

it('a database reads exact and rounded integers and buffers, and names the errors of SQLite', () => {
  const database = openDatabase(':memory:');
  database.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB) STRICT');
  database.prepare('INSERT INTO t VALUES (?, ?)').run(9_007_199_254_740_993n, Buffer.from('ab'));
  const row = { n: 9_007_199_254_740_992, b: Buffer.from('ab') };
  expect(database.prepare('SELECT n, b FROM t').get()).toEqual(row);
  expect([...database.prepare('SELECT n, b FROM t').raw().iterate()]).toEqual([[row.n, row.b]]);
  expect(database.prepare('SELECT n FROM t').pluck().safeIntegers().get()).toBe(9_007_199_254_740_993n);
  const again = database.prepare('INSERT INTO t VALUES (9007199254740993, NULL)');
  expect(() => again.run()).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }));
  database.close();
});
