import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { resultCodeName } from './result-codes.js';

/** SQLite's own list, from better-sqlite3. */
const header = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json')), 'deps/sqlite3/sqlite3.h'),
  'utf8',
);

it('every result code has the name that SQLite uses', () => {
  const numbers = new Map<string, number>();
  const primary = /^#define (SQLITE_[A-Z]+)\s+(\d+)\s+\/\*/gm;
  for (const [, name = '', number] of header.slice(0, header.indexOf('SQLITE_OPEN_READONLY')).matchAll(primary))
    numbers.set(name, Number(number));
  for (const [, name = '', base = '', high] of header.matchAll(
    /^#define (SQLITE_\w+)\s+\((SQLITE_[A-Z]+)\s*\|\s*\((\d+)<<8\)\)/gm,
  ))
    numbers.set(name, (numbers.get(base) ?? Number.NaN) | (Number(high) << 8));
  const ours = Array.from(numbers).filter(([name, code]) => {
    const family = code & 0xff;
    return family !== 0 && family < 27 && !/^SQLITE_(ABORT|AUTH|ERROR)_|_(BADKEY|CODEC)$/.test(name);
  });
  expect(ours.length).toBeGreaterThan(85);
  expect(ours.map(([, code]) => resultCodeName(code))).toEqual(ours.map(([name]) => name));
  expect(resultCodeName(0xff_0a)).toBe('SQLITE_IOERR');
});
