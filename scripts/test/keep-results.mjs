/** Writes the summary of `npm run test:all` and `npm run test:long` into `bench/results`. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeRows } from '../write-rows.mjs';
import { suites as known } from './suites.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Stores one row per suite, each with its commit, so that a single suite can be run again after a change. */
export function keepResults(lane, results) {
  const file = join(root, `bench/results/test-${lane}.json`);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).suites : {};
  // Drops the rows of suites that no longer exist.
  const suites = Object.fromEntries(
    Object.entries(before).filter(([name]) => known.some((suite) => suite.name === name)),
  );
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const date = new Date().toISOString();
  for (const { suite, passed, failed, seconds, budget } of results) {
    suites[suite] = { date, commit, passed, failed, seconds, allowed: budget };
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  writeRows(file, { machine, suites });
}
