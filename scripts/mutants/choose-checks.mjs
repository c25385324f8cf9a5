import { dirname } from 'node:path';
import { isTestFile } from './run-checks.mjs';

/**
 * Chooses the checks that execute the mutant's place, in the order in which they are likely to fail soonest: the file's own test, its
 * folder, its package, other packages, `tests/`, programs; among equals the fastest first.
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

/** Returns the first of the checks that together take no longer than `seconds`, and at least one. */
export function withinSeconds(checks, coverage, seconds) {
  let sum = 0;
  return checks.filter((check, index) => {
    sum += coverage.checks[check].ms;
    return index === 0 || sum <= seconds * 1000;
  });
}

/** Three times what the slowest test of the checks took, and what a busy machine may need to start. */
export function patienceFor(checks, coverage) {
  return 30_000 + 3 * Math.max(0, ...checks.map((check) => coverage.checks[check].slowestMs));
}
