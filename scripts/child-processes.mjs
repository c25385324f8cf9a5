/**
 * Runs the child programs of a start: npm and the builds. They write into the checkout, so a start must end them before
 * it ends.
 */
import { spawn } from 'node:child_process';
import { keepLockFor } from './lock.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/**
 * The time after which a signalled program is killed, because npm reacts slowly to SIGTERM. The next start repairs what
 * it leaves.
 */
const patienceMs = 2_000;
const running = new Set();
let onLastEnd = () => {};

/** Spawns a program. The locks of this process are held until the program has ended. */
export function runChild(command, args, options) {
  const child = spawn(command, args, options);
  // The program could not be started; an `error` event follows.
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
 * Forwards a signal that would end this process to its programs, and ends the process once they have ended.
 *
 * @returns {() => void} stops handling the signals
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
