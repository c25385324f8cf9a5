/**
 * Records the state of the files with which a suite passed, so that `npm test -- --changed` can skip it until one of
 * them changes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const keptIn = join(root, '.cache/test/passed.json');

/** The files that every suite depends on. */
export const always = ['package.json', 'package-lock.json', 'vitest.config.ts', 'scripts', 'tests/*.ts'];

/** The lanes for which a pass in a lane counts. */
const lanesShown = { quick: ['quick'], all: ['quick', 'all'], long: ['quick', 'all', 'long'] };

/** Returns a digest of the files that the suite reads, its definition, and the version of Node. */
export function digestOf(suite) {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...always, ...suite.reads],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  const hash = createHash('sha256').update(JSON.stringify([process.version, suite]));
  for (const path of [...new Set(listed.split('\0'))].filter(Boolean).sort())
    hash.update(`${path}\0`).update(read(path));
  return hash.digest('base64url');
}

/** Splits suites into those that must run and the names of those that passed with the present files. */
export function chooseChanged(suites, lane, file = keptIn) {
  const passed = readPassed(file)[lane] ?? {};
  const changed = suites.filter((suite) => passed[suite.name] !== digestOf(suite));
  const unchanged = suites.filter((suite) => !changed.includes(suite)).map(({ name }) => name);
  return { changed, unchanged };
}

/** Stores the `digests` (by suite, taken before the run) of the suites that passed, and deletes those of the others. */
export function keepPassed(digests, results, lane, file = keptIn) {
  const passed = readPassed(file);
  for (const shown of lanesShown[lane]) {
    passed[shown] ??= {};
    for (const { suite, failed } of results) {
      if (failed === 0) passed[shown][suite] = digests.get(suite);
      else delete passed[shown][suite];
    }
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(passed, null, 2));
}

function readPassed(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** Reads a file. A deleted file that is still in the index counts as empty. */
function read(path) {
  try {
    return readFileSync(join(root, path));
  } catch {
    return '';
  }
}
