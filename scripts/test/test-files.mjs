/** Finds the test files of a suite that have tests in a lane. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Vitest takes the tag from any line; here it has to be the first one, so that no text in a test is taken for it. */
const wholeFile = /^(?:\/\/|\/\*\*) @module-tag wide\b/;
const someTests = /@module-tag wide\b|\btags: (?:\[|\w+\()|\{ tags \}|\bwideUnless\b/;

/**
 * Returns the test files below `paths` that a lane runs: `quick` leaves out files that are tagged `wide` as a whole, `rest` keeps those
 * that may have a wide test, and every other lane has all. The reporter fails a file with a wide test that the rest would miss.
 */
export function testFiles(root, paths, lane) {
  const files = paths.flatMap((path) => walk(join(root, path)));
  const tests = files.filter(isTestFile);
  if (lane === 'quick') return tests.filter((file) => !wholeFile.test(readFileSync(file, 'utf8')));
  return lane === 'rest' ? tests.filter(hasWideTests) : tests;
}

/** Returns whether the path is that of a test file. */
export function isTestFile(path) {
  return /\.test\.tsx?$/.test(path);
}

/** Returns whether the rest looks for wide tests in this file: it names tags, or a file next to it that is no test does so for it. */
export function hasWideTests(file) {
  const folder = dirname(file);
  const shared = readdirSync(folder).filter((name) => name.endsWith('.ts') && !isTestFile(name));
  return [file, ...shared.map((name) => join(folder, name))].some((path) => someTests.test(readFileSync(path, 'utf8')));
}

function walk(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.startsWith('.'))
    .flatMap(({ name }) => walk(join(path, name)));
}
