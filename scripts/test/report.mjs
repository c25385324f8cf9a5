/**
 * Prints the outcome of a lane: suites with their seconds, the slowest tests, flaky tests, and every failure in full.
 */
import { laneBudget } from './suites.mjs';

const slowest = 10;

/** Returns `{ passed, failed }` over all suites. */
export function printReport({ lane, results, flaky, seconds, cpuSeconds, cores }) {
  printSuites(results);
  printSlowest(results);
  const over = results.filter((row) => row.seconds > row.budget);
  for (const { suite, seconds: taken, budget } of over)
    console.log(`over budget: ${suite} took ${taken} s, its budget is ${budget} s`);
  const allowed = laneBudget[lane];
  console.log(
    `\n${minutes(seconds)} min in all${allowed && seconds > allowed ? ` (over the lane's budget of ${minutes(allowed)} min)` : ''}, ` +
      `${minutes(cpuSeconds)} min of CPU by all programs of this machine, on ${cores} cores`,
  );
  const failures = results.flatMap(({ suite, failures: all, log }) =>
    all.map((failure) => ({ suite, log, ...failure })),
  );
  printFlaky(flaky);
  printFailures(failures);
  const passed = results.reduce((sum, row) => sum + row.passed, 0);
  return { passed, failed: failures.length };
}

function printSuites(results) {
  console.log('\nsuite                    seconds   budget      CPU   passed   failed');
  for (const row of results.toSorted((a, b) => b.seconds - a.seconds)) {
    const numbers = [row.seconds.toFixed(1), row.budget, row.cpuSeconds.toFixed(1), row.passed, row.failed];
    const cells = numbers.map((cell) => String(cell).padStart(8));
    console.log(`${row.suite.padEnd(23)} ${cells.join(' ')}`);
  }
}

function printSlowest(results) {
  const tests = results.flatMap(({ suite, tests: all }) => all.map((test) => ({ suite, ...test })));
  console.log(`\nThe ${slowest} slowest tests`);
  for (const { ms, file, name } of tests.toSorted((a, b) => b.ms - a.ms).slice(0, slowest))
    console.log(`${(ms / 1000).toFixed(1).padStart(8)} s  ${file} > ${name}`);
}

/** Prints the tests that failed and then passed twice alone. They do not fail the run; `tests/flaky.md` lists them. */
function printFlaky(flaky) {
  for (const { suite, file, name, problems } of flaky) {
    console.log(`\nflaky: ${[file || suite, name].filter(Boolean).join(' > ')}`);
    console.log(problems.join('\n').replace(/^/gm, '   '));
  }
}

function printFailures(failures) {
  if (failures.length === 0) return;
  console.log(`\nFailures (${failures.length})`);
  for (const [index, { suite, file, name, problems, log }] of failures.entries()) {
    console.log(`\n${index + 1}. ${[file, name].filter(Boolean).join(' > ')}`);
    console.log(problems.join('\n').replace(/^/gm, '   '));
    console.log(`   output: ${log}; again: npm test -- --all --only ${suite}`);
  }
  console.log('');
}

function minutes(seconds) {
  return (seconds / 60).toFixed(1);
}
