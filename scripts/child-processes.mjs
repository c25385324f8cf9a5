/** The programs that a start runs: npm, and the builds. They write into the checkout, so a start that ends has to end them first. */
import { spawn } from 'node:child_process';
import { keepLockFor } from './lock.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** After this a program that was asked to end is killed: the next start repairs what it leaves. npm takes its time over SIGTERM. */
const patienceMs = 2_000;
const running = new Set();
let onLastEnd = () => {};

/** Like `spawn`. The locks of this process hold until the program has ended. */
export function runChild(command, args, options) {
  const child = spawn(command, args, options);
  // It could not be started; `error` follows.
  if (child.pid === undefined) return child;
  running.add(child);
  keepLockFor(child.pid);
  child.once('exit', () => {
    running.delete(child);
    if (running.size === 0) onLastEnd();
  });
  return child;
}

/**
 * A signal that would end this process ends its programs first, and the process once they have ended.
 *
 * @returns {() => void} Gives the signals back to whoever comes next.
 */
export function endWithChildren() {
  let received = null;
  const stop = () => {
    for (const signal of signals) process.off(signal, pass);
    onLastEnd = () => {};
  };
  const end = () => {
    stop();
    process.kill(process.pid, received);
  };
  const pass = (signal) => {
    received ??= signal;
    if (running.size === 0) return end();
    onLastEnd = end;
    for (const child of running) child.kill(signal);
    setTimeout(killAll, patienceMs).unref();
  };
  for (const signal of signals) process.on(signal, pass);
  return stop;
}

function killAll() {
  for (const child of running) child.kill('SIGKILL');
}
