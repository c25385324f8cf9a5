/**
 * `npm test`: installs what the tests need, runs every suite, holds each to its seconds in `tests/budget.json`.
 *
 * `--only NAME[,NAME]` runs some suites; `--long` (`npm run test:long`) the wide matrix, whose summary goes to `bench/results/`.
 * A skipped test counts as failed: a missing part is a failure. The last line is `N passed, N failed`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (line) => console.log(`\n== ${line}`);
const long = process.argv.includes('--long');
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt > 0 ? process.argv[onlyAt + 1].split(',') : null;
const budget = JSON.parse(readFileSync(join(root, 'tests/budget.json'), 'utf8'))[long ? 'long' : 'test'];
const results = [];

await measured('install', async () => {
  install(say);
  const { ensureDebianParts } = await import('./ensure-debian-parts.mjs');
  ensureDebianParts(say);
  const { ensureTestHost } = await import('./ensure-test-host.mjs');
  ensureTestHost(say);
  const { build, isBuilt } = await import('./build.mjs');
  if (!isBuilt()) build();
  return { passed: 0, failed: 0 };
});
if (results[0].failed === 0) {
  const { suites } = await import('./suites.mjs');
  for (const suite of suites) {
    if (!only || only.includes(suite.name)) await measured(suite.name, () => runSuite(suite));
  }
}
report();

async function measured(name, run) {
  say(name);
  const startedAt = performance.now();
  let counts;
  try {
    counts = await run();
  } catch (error) {
    console.error(error.message);
    counts = { passed: 0, failed: 1 };
  }
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const allowed = budget[name];
  const late = allowed === undefined || seconds > allowed;
  if (late)
    console.error(
      allowed === undefined
        ? `${name} has no budget in tests/budget.json`
        : `${name} took ${seconds} s and may take ${allowed} s`,
    );
  results.push({ suite: name, passed: counts.passed, failed: counts.failed + (late ? 1 : 0), seconds, allowed });
}

async function runSuite(suite) {
  if (suite.node) {
    const status = await runProcess((long && suite.long) || suite.node);
    return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  }
  const outputFile = join(root, '.cache', `vitest-${suite.name}.json`);
  rmSync(outputFile, { force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${outputFile}`];
  const status = await runProcess(['node_modules/vitest/vitest.mjs', 'run', ...suite.vitest, ...reporters], suite.env);
  const outcome = JSON.parse(readFileSync(outputFile, 'utf8'));
  const skipped = outcome.numPendingTests + (outcome.numTodoTests ?? 0);
  if (skipped > 0) console.error(`${skipped} tests were skipped; a skipped test counts as failed`);
  const failed = outcome.numFailedTests + skipped;
  // A file that could not be loaded fails the run without a failed test.
  return { passed: outcome.numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed };
}

function runProcess(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...(long ? { EVERYWIRE_LONG: '1' } : {}), ...env },
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

function report() {
  const sum = (field) => results.reduce((total, row) => total + row[field], 0);
  console.log('\nsuite                    seconds   budget   passed   failed');
  for (const row of results) {
    console.log(
      `${row.suite.padEnd(24)} ${String(row.seconds).padStart(7)} ${String(row.allowed ?? '-').padStart(8)} ${String(row.passed).padStart(8)} ${String(row.failed).padStart(8)}`,
    );
  }
  console.log(`${'sum'.padEnd(24)} ${sum('seconds').toFixed(1).padStart(7)} ${String(budget.sum).padStart(8)}\n`);
  const late = sum('seconds') > budget.sum ? 1 : 0;
  if (long) keepLongResults();
  const failed = sum('failed') + late;
  console.log(`${sum('passed')} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** One row a suite, each with the commit it ran on, so that one suite can be run again after a change to what it tests. */
function keepLongResults() {
  const file = join(root, 'bench/results/test-long.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).suites : {};
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const date = new Date().toISOString();
  for (const { suite, ...row } of results) kept[suite] = { date, commit, ...row };
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine, suites: kept }, null, 2)}\n`);
}
