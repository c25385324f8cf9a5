import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processCpuUs } from '../../cpu-time.mjs';

const folder = fileURLToPath(new URL('../../../.cache/bench/chat', import.meta.url));
const startMs = 60_000;

/** A directory for a server's files, on the disk that ours are measured on. */
export function makePlace(name) {
  mkdirSync(folder, { recursive: true });
  const directory = mkdtempSync(join(folder, `${name}-`));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/**
 * Starts a third-party server, and waits until it listens and `isReady(output)`. Its figures have the interface of
 * `startServer`; internal figures, which only our server reports, are not numbers.
 */
export async function startPeer({ command, args, env = {}, directory, port, isReady = () => true }) {
  const said = join(directory, 'said');
  const output = openSync(said, 'w');
  const child = spawn(command, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  const until = Date.now() + startMs;
  while (!(isReady(readFileSync(said, 'utf8')) && (await isListening(port)))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`${command} does not start:\n${readFileSync(said, 'utf8')}`);
    }
    await delay(100);
  }
  return {
    port,
    pid: child.pid,
    said: () => readFileSync(said, 'utf8'),
    ask: async () => ({ ...figuresOf(child.pid), mainUs: Number.NaN, delayMaxMs: Number.NaN }),
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

function figuresOf(pid) {
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1_024;
  return { cpuUs: processCpuUs(pid), rss };
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
