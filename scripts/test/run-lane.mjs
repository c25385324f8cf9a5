/**
 * Runs the tests, suites side by side.
 *
 * `npm test` is the quick lane: every promise in a few minutes. `--all` (`npm run test:all`) runs every test. `--rest` runs what `--all` has
 * beyond the quick lane and adds the quick lane's last counts. `--long` (`npm run test:long`) is the wide matrix, whose summary goes
 * to `bench/results/`. `--only NAME[,NAME]` runs some suites, `--serial` one at a time.
 *
 * A suite above its budget is reported. It fails only when it has not ended after five times its budget. The last line is `N passed, N failed`.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { install } from './install.mjs';
import { keepLongResults } from './test/keep-long-results.mjs';
import { dropCounts, keepCounts, takeCounts } from './test/lane-counts.mjs';
import { Progress } from './test/progress.mjs';
import { printReport } from './test/report.mjs';
import { runSuite, suiteArguments } from './test/run-suite.mjs';
import { runSideBySide } from './test/schedule.mjs';
import { lanes, suites } from './test/suites.mjs';

/** A suite that takes this many times its budget hangs. */
const hangFactor = 5;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    rest: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    only: { type: 'string' },
    serial: { type: 'boolean', default: false },
  },
});
const lane = ['all', 'rest', 'long'].find((name) => values[name]) ?? 'quick';
const only = values.only?.split(',');
const unknown = only?.filter((name) => !suites.some((suite) => suite.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(`No suite is named ${unknown.join(', ')}. There are: ${suites.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

if (!only) dropCounts(lane);
const quickCounts = lane === 'rest' && !only ? takeCounts('quick') : null;
// CI reads the last line, also where this program fails itself.
process.on('uncaughtException', (error) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exit(1);
});
await prepare();
const startedAt = performance.now();
// Where no core is free, no suite starts next to another.
const cores = values.serial ? 0 : availableParallelism();
const jobs = suites
  .filter(({ name }) => !only || only.includes(name))
  .map((suite) => ({
    suite,
    args: suiteArguments(suite, lane),
    cores: suite.cores,
    seconds: suite.seconds[lanes[lane]],
  }))
  .filter(({ args }) => args !== null);
if (jobs.length === 0) {
  console.error(`Nothing to run: ${only.join(', ')} is not part of this lane. npm run test:all has every suite.`);
  process.exit(2);
}
const progress = new Progress(jobs.length);
const busyBefore = busySeconds();
const results = [];
await runSideBySide(jobs, { cores, run: runJob });
progress.close();

const seconds = (performance.now() - startedAt) / 1000;
const counts = printReport({ lane, results, seconds, cpuSeconds: busySeconds() - busyBefore, cores: cpus().length });
if (lane === 'long') keepLongResults(results);
if (!only) keepCounts(lane, counts);
const passed = counts.passed + (quickCounts?.passed ?? 0);
const failed = counts.failed + (quickCounts?.failed ?? 0);
if (quickCounts) console.log(`with npm test: ${quickCounts.passed} passed, ${quickCounts.failed} failed`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** Installs the packages, the Debian parts and the build, and prints how long that took. */
async function prepare() {
  const startedAt = performance.now();
  const say = (line) => console.log(line);
  try {
    install(say);
    const { ensureDebianParts } = await import('./ensure-debian-parts.mjs');
    ensureDebianParts(say);
    const { build, isBuilt } = await import('./build.mjs');
    if (!isBuilt()) build();
  } catch (error) {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exit(1);
  }
  console.log(`installed and built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function runJob({ suite, args, seconds: budget }) {
  progress.start(suite.name);
  const result = await runSuite({
    suite,
    args,
    lane,
    deadlineSeconds: budget * hangFactor,
    onProgress: (counted) => progress.update(suite.name, counted),
  });
  results.push({ ...result, budget });
  progress.end(results.at(-1));
}

/** Returns the seconds that all cores of this machine have been busy. On an idle machine the difference is what the tests cost. */
function busySeconds() {
  return cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0);
}
