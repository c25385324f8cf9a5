import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Starts a script of this folder and waits for what it says first. */
function start(script, args, execArgv) {
  const child = fork(pathOf(script), args, { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.setMaxListeners(100);
  return child;
}

const next = (child) =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a process of the bench ended with ${code}`)));
  });

/** The server in a process of its own; `ask` answers its processor time, memory and longest delay since the last time. */
export async function startServer(file, execArgv = []) {
  const child = start('server.mjs', [file], ['--expose-gc', ...execArgv]);
  const { port } = await next(child);
  const ask = (message = 'figures') => {
    const answer = next(child);
    child.send(message);
    return answer;
  };
  const end = (signal) =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill(signal);
    });
  return { port, pid: child.pid, ask, end };
}

/** People in a process of their own. */
export function startSender(script = 'sender.mjs') {
  const child = start(script, [], []);
  return {
    run: (name, options, onProgress = () => undefined) =>
      new Promise((resolve, reject) => {
        const listen = (message) => {
          if (message.progress !== undefined) return onProgress(message.progress);
          child.off('message', listen);
          if (message.error === undefined) resolve(message.result);
          else reject(new Error(message.error));
        };
        child.on('message', listen);
        child.send({ name, options });
      }),
    end: () => child.kill('SIGKILL'),
  };
}
