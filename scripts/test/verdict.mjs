/** Runs the tests in a child process and reports a verdict in any case. */
import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp } from './clean-up.mjs';

const attempts = 2;

/** How long the child may take to end after its verdict. */
const lingerMs = 20_000;

/**
 * Forks `program`, which sends `{ passed, failed }` as its verdict, and resolves with that. A child that dies without a verdict is
 * started once more; a second one that does so is one failure. What a child leaves running or lying about is removed when it ends.
 * `stdio` is for the tests of this module.
 */
export async function runForVerdict(program, args, { stdio = ['ignore', 'inherit', 'inherit', 'ipc'] } = {}) {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { verdict, status } = await runOnce(program, args, stdio);
    if (verdict) return verdict;
    console.log(
      `The runner ended with ${status} and without a verdict${attempt < attempts ? '; it is started again' : ''}`,
    );
  }
  return { passed: 0, failed: 1 };
}

async function runOnce(program, args, stdio) {
  // Other users may enter it: a test starts the server as an ordinary user.
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
