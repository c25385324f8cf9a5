/**
 * Runs the suites of one lane in parallel, retries failures, and sends `{ passed, failed }` to its parent process
 * (`verdict.mjs`).
 *
 * A suite that exceeds its budget is reported. It is killed only after five times its budget.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { install } from '../install.mjs';
import { chooseChanged, digestOf, keepPassed } from './changed.mjs';
import { keepResults } from './keep-results.mjs';
import { Progress } from './progress.mjs';
import { printReport } from './report.mjs';
import { runSuite, suiteArguments } from './run-suite.mjs';
import { runSideBySide } from './schedule.mjs';
import { lookAgain } from './second-look.mjs';
import { lanes, suites } from './suites.mjs';

/** A suite that takes this many times its budget is considered hung. */
const hangFactor = 5;

// Without the parent process, which prints the verdict, the run is pointless.
process.on('disconnect', () => process.exit(1));

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    changed: { type: 'boolean', default: false },
    only: { type: 'string' },
    serial: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
  },
});
const lane = ['all', 'long'].find((name) => values[name]) ?? 'quick';
const jobs = await chooseJobs(values.only?.split(','));
await prepare();
const digests = new Map(jobs.map(({ suite }) => [suite.name, digestOf(suite)]));
const startedAt = performance.now();
const elapsedSeconds = () => (performance.now() - startedAt) / 1000;
// With no free core, no suite starts next to another.
const cores = values.serial ? 0 : availableParallelism();
const progress = new Progress(jobs.length);
const busyBefore = busySeconds();
const first = [];
await runSideBySide(jobs, { cores, run: runJob });
progress.close();
const { results, flaky } = values.strict
  ? { results: first, flaky: [] }
  : await lookAgain({ results: first, repeat, elapsedSeconds, say: (line) => progress.say(line) });
const counts = printReport({
  lane,
  results,
  flaky,
  seconds: elapsedSeconds(),
  cpuSeconds: busySeconds() - busyBefore,
  cores: cpus().length,
});
keepPassed(digests, results, lane);
if (lane !== 'quick') keepResults(lane, results);
await end(counts);

/** Returns the suites to run. Ends with a message if there are none. */
async function chooseJobs(only) {
  const unknown = only?.filter((name) => !suites.some((suite) => suite.name === name)) ?? [];
  if (unknown.length > 0)
    await refuse(`No suite is named ${unknown.join(', ')}. There are: ${suites.map(({ name }) => name).join(', ')}`);
  const named = suites.filter(({ name }) => !only || only.includes(name));
  const { changed, unchanged } = values.changed ? chooseChanged(named, lane) : { changed: named, unchanged: [] };
  if (unchanged.length > 0) console.log(`skipped, because they passed with the same files: ${unchanged.join(', ')}`);
  const chosen = changed
    .map((suite) => ({
      suite,
      args: suiteArguments(suite, lane),
      cores: suite.cores,
      seconds: suite.seconds[lanes[lane]],
    }))
    .filter(({ args }) => args !== null);
  if (changed.length === 0) await end({ passed: 0, failed: 0 });
  if (chosen.length === 0)
    await refuse(`Nothing to run: ${only?.join(', ')} is not part of this lane. npm run test:all has every suite.`);
  return chosen;
}

/** Installs the packages, the Debian parts and the build, and prints how long that took. */
async function prepare() {
  const startedAt = performance.now();
  const say = (line) => console.log(line);
  try {
    await install(say);
    const { ensureDebianParts, quickParts, wideParts } = await import('../ensure-debian-parts.mjs');
    await ensureDebianParts(say, lane === 'quick' ? quickParts : wideParts);
    const { build, isBuilt } = await import('../build.mjs');
    if (!isBuilt()) await build();
  } catch (error) {
    await refuse(error.message);
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
  first.push({ ...result, budget });
  progress.end(first.at(-1));
}

/** Runs one file of a suite, or the whole suite, alone. */
function repeat({ suite: name, file }) {
  const { suite, args, seconds } = jobs.find((job) => job.suite.name === name);
  return runSuite({
    suite,
    args: file === null ? args : suiteArguments({ ...suite, vitest: [file] }, lane),
    lane,
    deadlineSeconds: seconds * hangFactor,
    logName: `${name}-again`,
  });
}

/** Prints a problem and ends with a failed verdict before the run. */
function refuse(problem) {
  console.error(problem);
  return end({ passed: 0, failed: 1 });
}

/** Sends the verdict and ends. */
async function end(counts) {
  await new Promise((resolve) => process.send(counts, resolve));
  process.exit();
}

/**
 * Returns the total seconds for which the cores of this machine have been busy. On an idle machine, the difference is
 * the cost of the tests.
 */
function busySeconds() {
  return cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0);
}
