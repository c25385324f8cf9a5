/** Runs one suite as a separate process, and kills it at its deadline. */
import { spawn } from 'node:child_process';
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cleanUp, kill } from './clean-up.mjs';
import { isTestFile, testFiles } from './test-files.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reporter = fileURLToPath(new URL('vitest-reporter.mjs', import.meta.url));

/** The running process groups and their temporary folders. */
const groups = new Map();
// Also after an uncaught exception, the processes of a suite must not survive the runner.
process.on('exit', () => {
  for (const [pid, temporary] of groups) endSuite(pid, temporary);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

/** Returns the arguments for Node that run the suite in a lane; `null` if the suite has no tests in it. */
export function suiteArguments(suite, lane) {
  if (suite.wide && lane === 'quick') return null;
  return suite.node ?? vitestArguments(suite, lane);
}

function vitestArguments({ vitest }, lane) {
  const files = testFiles(root, vitest, lane).map((file) => relative(root, file));
  if (files.length === 0) return null;
  return [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...files,
    ...(lane === 'quick' ? ['--tags-filter=!wide'] : []),
    '--no-isolate',
    '--max-workers=1',
    `--reporter=${reporter}`,
  ];
}

/**
 * Runs a suite and returns `{ suite, passed, failed, seconds, tests, failures, log }`. Calls `onProgress` with `{
 * ended, collected, failures }` as tests end. After `deadlineSeconds` the suite is killed, and the running tests count
 * as failures.
 */
export async function runSuite({ suite, args, lane, deadlineSeconds, logName = suite.name, onProgress = () => {} }) {
  const folder = join(root, '.cache/test');
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${logName}.log`);
  const temporary = temporaryFolder();
  const output = createWriteStream(log);
  const startedAt = performance.now();
  // Discards the time of children that ended before the first suite.
  if (groups.size === 0) cpuSecondsOfEnded();
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    env: {
      ...process.env,
      NO_COLOR: '1',
      EVERYWIRE_LANE: lane,
      ...(lane === 'long' ? { EVERYWIRE_LONG: '1' } : {}),
      TMPDIR: temporary,
      // Browsers write to these folders. Their font cache is kept between runs.
      XDG_CONFIG_HOME: join(temporary, 'config'),
      XDG_DATA_HOME: join(temporary, 'data'),
      XDG_CACHE_HOME: join(folder, 'xdg-cache'),
      ...suite.env,
    },
  });
  groups.set(child.pid, temporary);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(output, { end: false });
  const tally = new Tally({ name: suite.name, files: args.filter(isTestFile).length, onProgress });
  child.on('message', (message) => tally.take(message));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill(-child.pid);
  }, deadlineSeconds * 1000);
  child.on('error', (error) => output.write(String(error)));
  // `close` comes after the last output and the last message.
  const closed = new Promise((resolve) => child.once('close', resolve));
  const exited = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve({ status: code ?? signal, cpuSeconds: cpuSecondsOfEnded() })),
  );
  return exited.then(async ({ status, cpuSeconds }) => {
    clearTimeout(timer);
    endSuite(child.pid, temporary);
    groups.delete(child.pid);
    // A program that left the group may still hold the output.
    await Promise.race([closed, delay(5_000, undefined, { ref: false })]);
    for (const stream of [child.stdout, child.stderr]) stream.unpipe(output).destroy();
    await new Promise((resolve) => output.end(resolve));
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    if (late) tally.failRunning(suite.name, `killed: no end after ${deadlineSeconds} s`);
    else if (suite.node) tally.judgeProgram(suite.name, status, () => endOf(log));
    else tally.judgeTests(suite.name, status, () => endOf(log));
    const { passed, failures, tests } = tally;
    const { name, deterministic = false } = suite;
    const counts = { passed, failed: failures.length, seconds, cpuSeconds };
    return { suite: name, deterministic, hung: late, ...counts, tests, failures, log: relative(root, log) };
  });
}

let cpuSecondsCounted = 0;

/**
 * Returns the processor seconds of the child that has just ended and of its reaped descendants (`proc(5)`, `cutime` and
 * `cstime`, in hundredths of a second); 0 on systems other than Linux.
 */
function cpuSecondsOfEnded() {
  if (process.platform !== 'linux') return 0;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  const counted = (Number(fields[13]) + Number(fields[14])) / 100;
  const seconds = counted - cpuSecondsCounted;
  cpuSecondsCounted = counted;
  return seconds;
}

/** Counts the outcomes that one suite sends. */
class Tally {
  passed = 0;
  collected = 0;
  tests = [];
  failures = [];
  #running = new Map();
  #filesRun = null;
  #options;

  /** @param options.files the number of test files that must run */
  constructor(options) {
    this.#options = options;
  }

  take({ type, count, files, test = { file: '', name: this.#options.name }, passed, ms, problems }) {
    if (type === 'collected') this.collected += count;
    if (type === 'done') this.#filesRun = files;
    if (type === 'started') this.#running.set(`${test.file}${test.name}`, test);
    if (type === 'ended') {
      this.#running.delete(`${test.file}${test.name}`);
      this.tests.push({ ...test, ms, passed });
      if (passed) this.passed += 1;
    }
    if (problems?.length > 0) this.failures.push({ ...test, problems });
    else if (type === 'ended' && !passed) this.failures.push({ ...test, problems: ['failed without an error'] });
    this.#options.onProgress({ ended: this.tests.length, collected: this.collected, failures: this.failures });
  }

  failRunning(name, problem) {
    const running = [...this.#running.values()];
    if (running.length === 0) running.push({ file: '', name });
    for (const test of running) this.failures.push({ ...test, problems: [problem] });
  }

  judgeProgram(name, status, output) {
    if (status === 0) this.passed = 1;
    else this.#failWhole(name, `exited with ${status}\n${output()}`);
  }

  /**
   * Fails the whole suite if it failed without a failed test, sent no last message, ran no test, or ran fewer files
   * than it has.
   */
  judgeTests(name, status, output) {
    const { files } = this.#options;
    if (this.#filesRun === null) this.#failWhole(name, `exited with ${status} before its tests ended\n${output()}`);
    else if (this.#filesRun !== files) this.#failWhole(name, `ran ${this.#filesRun} of ${files} files`);
    else if (this.failures.length > 0) return;
    else if (status !== 0) this.#failWhole(name, `exited with ${status}\n${output()}`);
    else if (this.tests.length === 0) this.#failWhole(name, 'ran no test');
  }

  #failWhole(name, problem) {
    this.failures.push({ file: '', name, problems: [problem] });
  }
}

/** Creates a folder that other users can enter, because one test starts the server as an ordinary user. */
function temporaryFolder() {
  const path = mkdtempSync(join(process.env.EVERYWIRE_TEST_FOLDER ?? tmpdir(), 'suite-'));
  chmodSync(path, 0o755);
  return path;
}

function endOf(log) {
  return readFileSync(log, 'utf8').split('\n').slice(-60).join('\n').trim();
}

/** Ends the processes of a suite and removes its temporary folder. */
function endSuite(pid, temporary) {
  kill(-pid);
  cleanUp(temporary);
}
