/**
 * Runs the tests of sockets on the other versions of Node, because direct socket access uses undocumented APIs. With
 * `EVERYWIRE_LONG=1`, runs all tests of the transport server, on every version, with direct access and with the public
 * API.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureNode, nodeVersions } from '../../scripts/ensure-node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const long = process.env.EVERYWIRE_LONG === '1';
const tests = [
  'packages/server/src/sockets/socket-writer.test.ts',
  ...(long
    ? ['tests/server']
    : ['order', 'kept-connection', 'pipelining'].map((name) => `tests/server/${name}.test.ts`)),
];

/** Runs the tests once. @returns the output, and whether they passed */
function run(program, sockets) {
  const child = spawn(program, ['node_modules/vitest/vitest.mjs', 'run', ...tests, '--reporter=dot'], {
    cwd: root,
    env: { ...process.env, EVERYWIRE_SOCKETS: sockets },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  return new Promise((resolve) => child.on('exit', (code) => resolve({ said, passed: code === 0 })));
}

// The other suites cover the Node that runs this program.
const majors = long ? nodeVersions : nodeVersions.filter((major) => !process.versions.node.startsWith(`${major}.`));
const programs = [];
for (const major of majors) programs.push(await ensureNode(major, console.log));
let failed = 0;
for (const [at, program] of programs.entries()) {
  for (const sockets of long ? ['direct', 'public'] : ['direct']) {
    const startedAt = performance.now();
    const { said, passed } = await run(program, sockets);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`Node ${majors[at]}, ${sockets}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
    if (passed) continue;
    console.error(said);
    failed += 1;
  }
}
process.exitCode = failed === 0 ? 0 : 1;
