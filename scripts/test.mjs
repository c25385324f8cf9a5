/**
 * Runs the tests, suites side by side, and ends with the line `N passed, N failed`, whatever happens to the runner.
 *
 * `npm test` is the quick lane: every promise in a few minutes. `--all` (`npm run test:all`) runs every test, `--long`
 * (`npm run test:long`) the wide matrix. `--only NAME[,NAME]` runs some suites, `--changed` those whose files changed since they last passed, `--serial` one at a
 * time, `--strict` runs nothing again.
 */
import { fileURLToPath } from 'node:url';
import { runForVerdict } from './test/verdict.mjs';

// Who reads the output may leave early; the verdict still is the exit code.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

const program = fileURLToPath(new URL('test/run-lane.mjs', import.meta.url));
const { passed, failed } = await runForVerdict(program, process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
