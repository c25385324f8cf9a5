import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Reads what `record-coverage.mjs` wrote.
 *
 * Test files share a process, so what a module executes while it is imported is recorded for the first file that imports it. Such a key counts
 * for every check that executes anything of the module's folder, and for all test files of the module's package.
 *
 * @returns of each check the keys of the mutants that it executes
 */
export function readRecords(folder, checks) {
  const keys = new Map(checks.map((check) => [check, new Set()]));
  const imported = new Set();
  for (const { check, key, phase } of readLines(folder)) {
    keys.get(check)?.add(key);
    if (phase === 'import') imported.add(key);
  }
  for (const [check, executed] of keys) {
    const folders = new Set([...executed].map(folderOf));
    for (const key of imported)
      if (folders.has(folderOf(key)) || check.startsWith(`${workspaceOf(key)}/`)) executed.add(key);
  }
  return new Map([...keys].map(([check, executed]) => [check, [...executed]]));
}

function readLines(folder) {
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [check, key, phase] = line.split('\t');
      return { check, key, phase };
    });
}

const folderOf = (key) => dirname(key.split('#')[0]);
const workspaceOf = (key) => key.split('/').slice(0, 2).join('/');
