import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksOf } from './areas.mjs';
import { readRecords } from './read-records.mjs';
import { runChecks } from './run-checks.mjs';

/** A test may take this long before the first run, which learns what each takes, counts it as hung. */
const patienceMs = 180_000;

/** What a check may run or read. The records of equivalent mutants are no part of it: a new one shall not cost a coverage run. */
const runs = /^(packages|apps|tests(?!\/(mutants|browser)\/)|scripts)\/.*\.(m?[jt]sx?|json)$/;

/**
 * Finds out which check executes the place of which mutant, by one run of all checks over instrumented code. Kept by the content of the
 * tree, so that only a change costs that run again.
 *
 * @param instrumented of each mutated file the text that reports what is executed
 * @returns of each usable check what it takes and the `keys` of the mutants it meets; and the checks that fail without a mutant
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

/** A check that fails over instrumented code, which is slow and larger, may still pass over the code as it is; else it proves nothing. */
async function failing(tree, checks, outcomes) {
  const suspects = checks.filter((check) => outcomes[check]?.failed ?? true);
  if (suspects.length === 0) return [];
  console.log(`failed when instrumented, tried again as they are: ${suspects.join(', ')}`);
  const again = await runChecks(tree.path, suspects, { patienceMs, stopAtFailure: false });
  return suspects.filter((check) => again.checks[check]?.failed ?? true);
}

/** Shows every ten checks that the run goes on: it takes minutes. */
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
