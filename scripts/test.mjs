/**
 * Runs the test suites in parallel, and always ends with the line `N passed, N failed`, even if the runner crashes.
 *
 * `npm test` is the quick lane: every promise in a few minutes. `--all` (`npm run test:all`) runs every test, `--long`
 * (`npm run test:long`) the wide matrix. `--only NAME[,NAME]` runs some suites, `--changed` those whose files changed
 * since they last passed. `--serial` runs one suite at a time. `--strict` retries no failure.
 */
import { fileURLToPath } from 'node:url';
import { chooseNode, startOn } from './choose-node.mjs';
import { runForVerdict } from './test/verdict.mjs';

// The reader of the output may exit early; the exit code still is the verdict.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const node = await chooseNode((line) => console.log(line)).catch((error) => {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
});
if (node === null) await run();
else startOn(node);

async function run() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
  const program = fileURLToPath(new URL('test/run-lane.mjs', import.meta.url));
  const { passed, failed } = await runForVerdict(program, process.argv.slice(2));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
