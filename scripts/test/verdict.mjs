/** Runs the tests in a child process, and reports a verdict even if it crashes. */
import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp } from './clean-up.mjs';

const attempts = 2;

/** The time in which the child must exit after its verdict. */
const lingerMs = 20_000;

/**
 * Forks `program` and resolves with the verdict `{ passed, failed }` that it sends. A child that dies without a verdict
 * is restarted once; if the second one dies too, that is one failure. The processes and files that a child leaves are
 * removed when it ends. `stdio` is for the tests of this module.
 */
export async function runForVerdict(program, args, { stdio = ['ignore', 'inherit', 'inherit', 'ipc'] } = {}) {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { verdict, status } = await runOnce(program, args, stdio);
    if (verdict) return verdict;
    console.log(`The runner exited with ${status} without a verdict${attempt < attempts ? '; restarting it' : ''}`);
  }
  return { passed: 0, failed: 1 };
}

async function runOnce(program, args, stdio) {
  // Other users can enter the folder, because one test starts the server as an ordinary user.
  const folder = mkdtempSync(join(tmpdir(), 'everywire-tests-'));
  chmodSync(folder, 0o755);
  const child = fork(program, args, { stdio, env: { ...process.env, EVERYWIRE_TEST_FOLDER: folder } });
  const onExit = () => {
    child.kill('SIGKILL');
    cleanUp(folder);
  };
  process.on('exit', onExit);
  let verdict = null;
  let timer;
  child.on('message', (message) => {
    verdict = message;
    timer = setTimeout(() => child.kill('SIGKILL'), lingerMs);
  });
  const status = await new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  clearTimeout(timer);
  process.off('exit', onExit);
  cleanUp(folder);
  return { verdict, status };
}
