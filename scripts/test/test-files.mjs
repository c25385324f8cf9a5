/** Finds the test files of a suite that have tests in a lane. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Matches the tag of a whole file. Vitest accepts it on any line; here it must be on the first, so that no text in a
 * test matches.
 */
const wholeFile = /^(?:\/\/|\/\*\*) @module-tag wide\b/;

/** Returns the test files below `paths` that a lane runs: `quick` omits files that are tagged `wide` as a whole. */
export function testFiles(root, paths, lane) {
  const files = paths.flatMap((path) => walk(join(root, path)));
  const tests = files.filter(isTestFile);
  return lane === 'quick' ? tests.filter((file) => !wholeFile.test(readFileSync(file, 'utf8'))) : tests;
}

/** Returns whether a path is that of a test file. */
export function isTestFile(path) {
  return /\.test\.tsx?$/.test(path);
}

function walk(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.startsWith('.'))
    .flatMap(({ name }) => walk(join(path, name)));
}
