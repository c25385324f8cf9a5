import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { always, chooseChanged, digestOf, keepPassed } from '../../scripts/test/changed.mjs';
import { suiteArguments } from '../../scripts/test/run-suite.mjs';
import { suites } from '../../scripts/test/suites.mjs';
import { root } from './checkout-copy.js';

/** Matches the imports of a file. */
const importPattern = /(?:from|import|import\()\s*'([^']+)'/g;

/**
 * Returns the file or workspace package that an import in `file` refers to, from the root; `null` for an installed
 * package.
 */
function importedBy(file: string, specifier: string): string | null {
  const ours = /^@everywire\/([\w-]+)/.exec(specifier);
  if (ours) return `packages/${ours[1]}`;
  if (!specifier.startsWith('.')) return null;
  const path = relative(root, join(root, dirname(file), specifier));
  const names = [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')];
  return names.find((name) => existsSync(join(root, name))) ?? path;
}

/** Adds all files and packages that a file depends on. */
function addDependencies(file: string, seen: Set<string>): void {
  for (const [, specifier = ''] of readFileSync(join(root, file), 'utf8').matchAll(importPattern)) {
    const path = importedBy(file, specifier);
    if (path === null || seen.has(path)) continue;
    seen.add(path);
    if (/\.tsx?$/.test(path)) addDependencies(path, seen);
    else if (existsSync(join(root, path, 'package.json'))) addPackageDependencies(path, seen);
  }
}

/** Adds all packages that a package depends on. */
function addPackageDependencies(path: string, seen: Set<string>): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) {
    const of = importedBy(path, name);
    if (of === null || seen.has(of)) continue;
    seen.add(of);
    addPackageDependencies(of, seen);
  }
}

it('every suite lists all direct and indirect imports of its tests', () => {
  const missing = suites.flatMap((suite) => {
    const seen = new Set<string>();
    for (const file of suiteArguments(suite, 'all') ?? []) if (/\.test\.tsx?$/.test(file)) addDependencies(file, seen);
    const reads = [...always, ...(suite.reads ?? [])];
    const isRead = (path: string) =>
      /^tests\/[^/]+\.ts$/.test(path) ||
      reads.some((read) => read === '.' || path === read || path.startsWith(`${read}/`));
    return [...seen].filter((path) => !isRead(path)).map((path) => `${suite.name}: ${path}`);
  });
  expect(missing).toEqual([]);
});

it('a suite that passed is skipped until a file that it reads changes; a failed suite is not skipped', () => {
  const folder = mkdtempSync(join(root, 'tests/house/.changed-'));
  try {
    const at = (name: string) => relative(root, join(folder, name));
    const mine = [
      { name: 'one', reads: [at('one')] },
      { name: 'two', reads: [at('two')] },
    ];
    for (const { name } of mine) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'a.txt'), 'unchanged');
    }
    const kept = join(folder, 'kept/passed.json');
    const digests = () => new Map(mine.map((suite) => [suite.name, digestOf(suite)]));
    const unchanged = (lane: 'quick' | 'all') => chooseChanged(mine, lane, kept).unchanged;
    const passed = mine.map(({ name }) => ({ suite: name, failed: 0 }));

    expect(unchanged('quick')).toEqual([]);
    keepPassed(digests(), passed, 'quick', kept);
    expect(unchanged('quick')).toEqual(['one', 'two']);
    expect(unchanged('all')).toEqual([]);
    writeFileSync(join(folder, 'one/b.txt'), 'not in git yet');
    expect(unchanged('quick')).toEqual(['two']);
    keepPassed(digests(), passed, 'all', kept);
    expect([unchanged('quick'), unchanged('all')]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    keepPassed(digests(), [{ suite: 'two', failed: 1 }], 'quick', kept);
    expect([unchanged('quick'), unchanged('all')]).toEqual([['one'], ['one', 'two']]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
