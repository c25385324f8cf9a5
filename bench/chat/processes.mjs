import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killAtExit } from '../at-exit.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a script of `bench/chat` in the checkout `tree`. */
function start(script, args, execArgv, tree = root) {
  const options = { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] };
  const child = killAtExit(fork(join(tree, 'bench/chat', script), args, options));
  child.setMaxListeners(100);
  return child;
}

const ended = (child) => new Error(`a process of the bench ended with ${child.exitCode ?? child.signalCode}`);
const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

const next = (child) =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(ended(child)));
  });

/**
 * The server in a process of its own; `ask` answers its processor time, memory and longest delay since the last time.
 * The server is the one of the checkout `tree`, by default of this one.
 */
export async function startServer(file, execArgv = [], tree = root) {
  const child = start('server.mjs', [file], ['--expose-gc', ...execArgv], tree);
  const { port } = await next(child);
  const ask = async (message = 'figures') => {
    if (hasEnded(child)) throw ended(child);
    const answer = next(child);
    child.send(message);
    return answer;
  };
  const end = (signal) =>
    new Promise((resolve) => {
      if (hasEnded(child)) return resolve();
      child.once('exit', resolve);
      child.kill(signal);
    });
  return { port, pid: child.pid, ask, end };
}

/** People in a process of their own. */
export function startSender(script = 'sender.mjs') {
  const child = start(script, [], []);
  return {
    pid: child.pid,
    run: (name, options, onProgress = () => undefined) =>
      new Promise((resolve, reject) => {
        const listen = (message) => {
          if (message.progress !== undefined) return onProgress(message.progress);
          child.off('message', listen);
          child.off('exit', fail);
          if (message.error === undefined) resolve(message.result);
          else reject(new Error(message.error));
        };
        const fail = () => reject(ended(child));
        child.on('message', listen);
        child.once('exit', fail);
        child.send({ name, options });
      }),
    end: () => child.kill('SIGKILL'),
  };
}
