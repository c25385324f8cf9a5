import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Reads the records of `record-coverage.mjs`.
 *
 * Test files share a process, so code that a module executes during its import is recorded only for the first file that
 * imports it. Such a key counts for every check that executes code of the module's folder, and for all test files of
 * the module's package.
 *
 * @returns for each check, the keys of the mutants that it executes
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
