import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksOf } from './areas.mjs';
import { readRecords } from './read-records.mjs';
import { runChecks } from './run-checks.mjs';

/** The timeout of a test in the first run, which measures how long each takes, in milliseconds. */
const patienceMs = 180_000;

/**
 * Matches the files that a check may run or read. Excludes the records of equivalent mutants: a new one must not cost a
 * coverage run.
 */
const runs = /^(packages|apps|tests(?!\/(mutants|browser)\/)|scripts)\/.*\.(m?[jt]sx?|json)$/;

/**
 * Records which check executes the place of which mutant, in one run of all checks over instrumented code. Caches the
 * result by the content of the tree, so that only a change requires another run.
 *
 * @param instrumented the instrumented text of each mutated file, which reports its execution
 * @returns the duration of each usable check and the `keys` of the mutants that it executes; and the checks that fail
 *   without a mutant
 */
export async function findCoverage(tree, area, files, instrumented) {
  const kept = join(tree.path, '.cache', `coverage-${contentHash(tree, area, files)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const coverage = await record(tree, area, checksOf(area, tree.path), instrumented);
  mkdirSync(join(tree.path, '.cache'), { recursive: true });
  writeFileSync(kept, JSON.stringify(coverage));
  return coverage;
}

async function record(tree, area, checks, instrumented) {
  const folder = join(tree.path, '.cache/coverage');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const originals = new Map([...instrumented.keys()].map((file) => [file, tree.read(file)]));
  for (const [file, text] of instrumented) tree.write(file, text);
  tree.compile(area.compile);
  const preload = `--import=${join(tree.path, 'scripts/mutants/record-coverage.mjs')}`;
  const env = { NODE_OPTIONS: preload, MUTANTS_COVERAGE: folder };
  const onEnd = countDown(checks.length);
  const run = await runChecks(tree.path, checks, { patienceMs, stopAtFailure: false, env, onEnd });
  for (const [file, text] of originals) tree.write(file, text);
  tree.compile(area.compile);
  const unusable = await failing(tree, checks, run.checks);
  const usable = checks.filter((check) => !unusable.includes(check));
  const keys = readRecords(folder, usable);
  return {
    unusable,
    checks: Object.fromEntries(usable.map((check) => [check, { ...run.checks[check], keys: keys.get(check) }])),
  };
}

/**
 * Returns the checks that fail without a mutant. Retries them on the original code, because instrumented code is slower
 * and larger.
 */
async function failing(tree, checks, outcomes) {
  const suspects = checks.filter((check) => outcomes[check]?.failed ?? true);
  if (suspects.length === 0) return [];
  console.log(`failed on instrumented code, retrying on the original code: ${suspects.join(', ')}`);
  const again = await runChecks(tree.path, suspects, { patienceMs, stopAtFailure: false });
  return suspects.filter((check) => again.checks[check]?.failed ?? true);
}

/** Prints the progress every ten checks, because the run takes minutes. */
function countDown(count) {
  let ended = 0;
  return () => {
    ended += 1;
    if (ended % 10 === 0) console.log(`  ${ended} of ${count} checks`);
  };
}

function contentHash(tree, area, files) {
  const hash = createHash('sha256').update(JSON.stringify(area));
  for (const file of files.filter((path) => runs.test(path))) hash.update(file).update(tree.read(file));
  return hash.digest('hex').slice(0, 16);
}
