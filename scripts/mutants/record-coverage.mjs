/**
 * Preloaded into every process of a coverage run. Records which check executes the place of which mutant. Instrumented
 * code reports to an object of Stryker, which is replaced here by one that writes immediately, so that a process can be
 * killed at any time.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

const file = join(process.env.MUTANTS_COVERAGE, `${process.pid}-${threadId}`);
/**
 * A Vitest process runs test files one after the other (`name-test-file.mjs`). Any other process belongs to one check.
 */
let check = process.env.MUTANTS_CHECK;
/** Whether a test file is being collected, and whether an instrumented module is being imported. */
let [collects, imports] = [false, false];
let seen = { import: new Set(), run: new Set() };
globalThis.__mutants__ = {
  begin(nextCheck) {
    check = nextCheck;
    collects = true;
    seen = { import: new Set(), run: new Set() };
  },
  collected() {
    collects = false;
  },
  importing(now) {
    imports = now;
  },
};
const write = (_target, key) => {
  const phase = collects || imports ? 'import' : 'run';
  if (seen[phase].has(key)) return true;
  seen[phase].add(key);
  appendFileSync(file, `${check}\t${key}\t${phase}\n`);
  return true;
};
globalThis.__stryker__ = { mutantCoverage: { static: new Proxy({}, { set: write }), perTest: {} } };
