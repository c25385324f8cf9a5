import { dirname } from 'node:path';
import { isTestFile } from './run-checks.mjs';

/**
 * Chooses the checks that execute the place of a mutant, those first that are likely to fail soonest: the test of the
 * file, of its folder, of its package, of other packages, `tests/`, programs; among equals, the fastest first.
 */
export function chooseChecks(mutant, coverage) {
  return Object.entries(coverage.checks)
    .filter(([, { keys }]) => keys.includes(mutant.key))
    .map(([check, { ms }]) => ({ check, ms, distance: distance(check, mutant.file) }))
    .sort((a, b) => a.distance - b.distance || a.ms - b.ms)
    .map(({ check }) => check);
}

function distance(check, file) {
  if (check.replace(/\.test\.tsx?$/, '') === file.replace(/\.tsx?$/, '')) return 0;
  if (dirname(check) === dirname(file)) return 1;
  if (workspace(check) === workspace(file)) return 2;
  if (!isTestFile(check)) return 5;
  return check.startsWith('tests/') ? 4 : 3;
}

const workspace = (path) => path.split('/').slice(0, 2).join('/');

/** Returns the first checks that together take at most `seconds`, and at least one check. */
export function withinSeconds(checks, coverage, seconds) {
  let sum = 0;
  return checks.filter((check, index) => {
    sum += coverage.checks[check].ms;
    return index === 0 || sum <= seconds * 1000;
  });
}

/**
 * Returns the timeout in milliseconds: three times the slowest test of the checks, plus the start on a busy machine.
 */
export function patienceFor(checks, coverage) {
  return 30_000 + 3 * Math.max(0, ...checks.map((check) => coverage.checks[check].slowestMs));
}
