import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The failure of a run in which every test passed; the error follows. */
export const outsideTests = 'an error outside of the tests';

/** Returns whether a check is a test file, not a program with its arguments. */
export const isTestFile = (check) => /\.test\.tsx?$/.test(check);

/**
 * Runs test files, all in one Vitest process, then programs, in the given order.
 *
 * @param options.patienceMs the time without a start or end after which the run counts as hung and is killed with all
 *   its processes
 * @param options.stopAtFailure kills the run as soon as one test has failed
 * @param options.env additional environment variables
 * @param options.onEnd called each time a check has ended
 * @returns the outcome, the first check or test that failed or hung, and for each check its duration and whether it
 *   failed
 */
export async function runChecks(path, checks, { patienceMs, stopAtFailure, env = {}, onEnd = () => {} }) {
  const run = new Run(path, { patienceMs, stopAtFailure, env, onEnd });
  const testFiles = checks.filter(isTestFile);
  if (testFiles.length > 0) await run.vitest(testFiles);
  for (const program of checks.filter((check) => !isTestFile(check))) {
    if (run.outcome === 'passed' || !stopAtFailure) await run.program(program);
  }
  return { outcome: run.outcome, by: run.by, checks: run.checks };
}

class Run {
  outcome = 'passed';
  by = null;
  /** For each check: its duration in `ms`, that of its slowest test in `slowestMs`, and whether it `failed`. */
  checks = {};
  #path;
  #options;
  #latest = null;

  constructor(path, options) {
    this.#path = path;
    this.#options = options;
  }

  async vitest(files) {
    const words = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'scripts/mutants/vitest.config.ts'];
    const { done, output } = await this.#start(words, { MUTANTS_TESTS: files.join(',') }, (line) => this.#read(line));
    if (!done && this.outcome === 'passed') throw new Error(`vitest ended without an outcome:\n${output}`);
  }

  async program(words) {
    const startedAt = performance.now();
    const { status } = await this.#start(words.split(' '), { MUTANTS_CHECK: words }, () => {});
    const ms = performance.now() - startedAt;
    this.checks[words] = { ms, slowestMs: ms, failed: status !== 0 };
    this.#options.onEnd();
    if (status !== 0) this.#fail('failed', words);
  }

  #read(line) {
    const { began, ended, file, test, failed, error, ms = 0 } = line;
    this.#latest = began ?? this.#latest;
    const check = this.checks[file ?? ended ?? began] ?? { ms: 0, slowestMs: 0, failed: false };
    if (file ?? ended ?? began) this.checks[file ?? ended ?? began] = check;
    check.slowestMs = Math.max(check.slowestMs, ms);
    if (ended) {
      check.ms = ms;
      this.#options.onEnd();
    }
    if (failed) {
      check.failed = true;
      this.#fail('failed', test ? `${file} > ${test}` : (ended ?? `${outsideTests}: ${error}`));
    }
  }

  #fail(outcome, by) {
    if (this.outcome !== 'passed') return;
    this.outcome = outcome;
    this.by = by;
  }

  async #start(words, env, onLine) {
    // The temporary directories of the tests are removed with the run, also when it is killed.
    const temporary = mkdtempSync(join(tmpdir(), 'mutant-'));
    const child = spawn(process.execPath, words, {
      cwd: this.#path,
      detached: true,
      env: { ...process.env, ...this.#options.env, ...env, TMPDIR: temporary, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const kill = () => killGroup(child.pid);
    const clear = () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
    const interrupted = () => {
      kill();
      clear();
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        this.#fail('timeout', this.#latest ?? words.join(' '));
        kill();
      }, this.#options.patienceMs);
    };
    wait();
    let [output, done] = ['', false];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-10_000);
      });
    createInterface(child.stdio[3]).on('line', (text) => {
      wait();
      const line = JSON.parse(text);
      done ||= line.done === true;
      onLine(line);
      if (this.outcome !== 'passed' && this.#options.stopAtFailure) kill();
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    // Processes and files that a test left would disturb the next run.
    kill();
    clear();
    return { status, output, done };
  }
}

function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
