/**
 * `npm run mutants -- PACKAGE`: introduces small bugs into a package, one at a time, and reports those that no test
 * detects.
 *
 * `--sample 40 --seed 1` draws that many of all mutants; with `--files PATHSPEC` (as in git, repeatable), of those in
 * these files. `--mutant ID` tries one mutant (as printed, or its beginning: `FILE:LINE`). Runs the nearest of the
 * tests that execute the place of a mutant, for at most `--seconds 180`. `--wide` adds the slow suites
 * (`scripts/mutants/areas.mjs`). Use both options to examine survivors. Fails below `--least 85` per cent. Works in a
 * copy of the tree, `.cache/mutants/PACKAGE`, and writes `.cache/mutants/PACKAGE.json`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { areaNames, areaOf, isMutated } from './mutants/areas.mjs';
import { chooseChecks, patienceFor, withinSeconds } from './mutants/choose-checks.mjs';
import { findCoverage } from './mutants/coverage.mjs';
import { draw } from './mutants/draw.mjs';
import { recordOf, staleRecords } from './mutants/equivalents.mjs';
import { listMutants, mutate } from './mutants/list-mutants.mjs';
import { countOutcomes, describeMutant, summary } from './mutants/report.mjs';
import { outsideTests, runChecks } from './mutants/run-checks.mjs';
import { Tree } from './mutants/tree.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    least: { type: 'string', default: '85' },
    seconds: { type: 'string', default: '180' },
    files: { type: 'string', multiple: true, default: [] },
    mutant: { type: 'string', multiple: true },
    wide: { type: 'boolean', default: false },
  },
});
const area = areaOf(positionals[0], { wide: values.wide });
if (!area) {
  console.error(`npm run mutants -- PACKAGE, one of ${areaNames.join(', ')}`);
  process.exit(2);
}

if (values.wide) process.env.MUTANTS_WIDE = '1';
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache/mutants');
const records = JSON.parse(readFileSync(join(root, 'tests/mutants/equivalent.json'), 'utf8'));
const tree = new Tree(root, join(folder, area.name));
holdLock(join(folder, `${area.name}.lock`));

const files = tree.update();
const problem = tree.compile(['-b']) ?? tree.compile(area.compile);
if (problem) throw new Error(`The code does not compile without a mutant:\n${problem}`);
const mutants = [];
const instrumented = new Map();
for (const file of files.filter((path) => isMutated(path, area))) {
  const listed = await listMutants(file, tree.read(file));
  mutants.push(...listed.mutants);
  if (listed.mutants.length > 0) instrumented.set(file, listed.instrumented);
}
console.log(`${mutants.length} mutants in ${instrumented.size} files; recording which tests execute them`);
console.log(
  `limit: ${values.seconds} s of tests for each mutant, nearest first${area.wide ? '' : ', without tests tagged wide'}`,
);
const coverage = await findCoverage(tree, area, files, instrumented);
for (const check of coverage.unusable) console.log(`NOT USED, fails without a mutant: ${check}`);
for (const record of staleRecords(records, mutants, (file) => isMutated(file, area)))
  console.log(`equivalent.json names a mutant that no longer exists: ${record.file}: ${record.text}`);

const results = await tryMutants();
report();

async function tryMutants() {
  const named = values.mutant && mutants.filter(({ id }) => values.mutant.some((name) => id.startsWith(name)));
  const wanted = named ? named.length : Number(values.sample);
  const drawnFrom = new Set(tree.list(values.files));
  const ofFiles = mutants.filter(({ file }) => drawnFrom.has(file));
  if (!named) console.log(`a sample of ${wanted} of ${ofFiles.length}, seed ${values.seed}`);
  const tried = [];
  // A mutant that does not compile cannot be shipped, so the next drawn mutant replaces it.
  for (const mutant of named ?? draw(ofFiles, Number(values.seed))) {
    if (tried.filter(({ outcome }) => outcome !== 'does not compile').length >= wanted) break;
    const startedAt = performance.now();
    const result = { ...mutant, ...(await tryMutant(mutant)) };
    result.seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    tried.push(result);
    if (named || result.outcome !== 'does not compile') console.log(progressLine(result));
    writeFileSync(join(folder, `${area.name}.json`), JSON.stringify({ seed: values.seed, results: tried }, null, 2));
  }
  return tried;
}

async function tryMutant(mutant) {
  const record = recordOf(mutant, records);
  if (record) return { outcome: 'equivalent', reason: record.reason };
  const content = tree.read(mutant.file);
  try {
    tree.write(mutant.file, mutate(content, mutant));
    if (tree.compile(area.compile)) return { outcome: 'does not compile' };
    const covering = chooseChecks(mutant, coverage);
    if (covering.length === 0) return { outcome: 'no coverage', checks: [] };
    const checks = withinSeconds(covering, coverage, Number(values.seconds));
    const patienceMs = patienceFor(checks, coverage);
    const { outcome, by } = await judge(checks, patienceMs);
    return {
      outcome: { passed: 'survived', failed: 'killed', timeout: 'timeout' }[outcome],
      by,
      checks,
      notRun: covering.length - checks.length,
    };
  } finally {
    tree.write(mutant.file, content);
  }
}

async function judge(checks, patienceMs) {
  const run = () => runChecks(tree.path, checks, { patienceMs, stopAtFailure: true });
  const first = await run();
  // A busy machine can cause such an error too.
  return first.by?.startsWith(outsideTests) ? run() : first;
}

function progressLine({ outcome, id, seconds, by, reason }) {
  return `${outcome.padEnd(11)} ${String(seconds).padStart(5)} s  ${id}${by ? `  by ${by}` : ''}${reason ? `  ${reason}` : ''}`;
}

function report() {
  for (const outcome of ['survived', 'no coverage']) {
    const those = results.filter((result) => result.outcome === outcome);
    if (those.length > 0) console.log(`\n== ${outcome}`);
    for (const result of those) {
      console.log(describeMutant(result));
      for (const check of result.checks) console.log(`    passed: ${check}`);
      if (result.notRun > 0) console.log(`    not run, beyond the limit: ${result.notRun} more`);
    }
  }
  const counts = countOutcomes(results);
  console.log(`\n${area.name}: ${summary(counts)}`);
  process.exitCode = counts.score < Number(values.least) ? 1 : 0;
}

/** Locks the copy, because two runs in it would disturb each other. */
function holdLock(file) {
  mkdirSync(folder, { recursive: true });
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (holder > 0 && existsSync(`/proc/${holder}`))
    throw new Error(`Process ${holder} already runs the mutants of ${area.name}`);
  writeFileSync(file, String(process.pid));
  process.on('exit', () => rmSync(file, { force: true }));
}
