import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rows } from './rows.js';

const root = join(import.meta.dirname, '../..');
/** One or more ids in brackets at the beginning of a test's name. */
const named = /['"`]((?:\[[^\]'"`\n]+\] ?)+)/g;
const id = /\[([WHPSJTRDAU]\d+b?)\]/g;

/** Yields the paths of test files, including contract suites, which the tests of every adapter run. */
function* testFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'dist' && entry.name !== 'node_modules') yield* testFiles(path);
    else if (/\.test\.tsx?$|-contract(?:-\w+)?\.ts$/.test(entry.name)) yield path;
  }
}

/** Returns the ids in the names of tests. */
function testedIds(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const folder of ['packages', 'apps', 'tests']) {
    for (const path of testFiles(join(root, folder))) {
      for (const [, ids = ''] of readFileSync(path, 'utf8').matchAll(named))
        for (const [, rowId = ''] of ids.matchAll(id)) found.add(rowId);
    }
  }
  return found;
}

describe('the list of hostile input', () => {
  const tested = testedIds();

  it('every row is listed once, and is tested or states why not', () => {
    const ids = rows.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(rows.filter((row) => !tested.has(row.id) && row.waits === undefined).map((row) => row.id)).toEqual([]);
    const [whole, partly] = [false, true].map((part) => rows.filter((row) => row.waits && tested.has(row.id) === part));
    console.log(`${rows.length} rows of hostile input; ${whole?.length} wait, ${partly?.length} more in part`);
  });

  it("every id in a test's name is a known row", () => {
    const known = new Set(rows.map((row) => row.id));
    expect([...tested].filter((one) => !known.has(one))).toEqual([]);
  });
});
