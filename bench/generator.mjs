import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installProgram } from '../scripts/install-program.mjs';
import { killAtExit } from './at-exit.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = join(root, '.cache/bench/gen');
const floor = join(root, '.cache/bench/c-floor');
const bunVersion = '1.4.4';
const startMs = 60_000;

/** Compiles the C programs. Not cached, because it takes only a second. */
export function buildGenerator() {
  const folder = join(root, 'bench/gen');
  mkdirSync(join(root, '.cache/bench'), { recursive: true });
  const sources = readdirSync(folder).filter((name) => name.endsWith('.c'));
  const compile = (output, ...files) =>
    execFileSync('gcc', ['-O2', '-Wall', '-o', output, ...files], { stdio: 'inherit' });
  compile(binary, ...sources.map((name) => join(folder, name)));
  compile(floor, join(root, 'bench/servers/c-floor.c'));
}

async function commandOf(peer, port, { node, nodeOptions, tree }) {
  if (peer === 'c-floor') return [floor, String(port)];
  if (peer === 'c-gathered') return [floor, String(port), 'gather'];
  const script = join(tree, 'bench/servers', `${peer}.mjs`);
  if (peer === 'bun') {
    const name = `@oven/bun-linux-${process.arch}`;
    const bun = await installProgram({ name, version: bunVersion }, 'bin/bun', console.log);
    return [bun, script, String(port)];
  }
  return [node, ...nodeOptions, script, String(port)];
}

/** The server has core 0, the generator core 1, so that neither pays for the other. */
function pinned(core, command, args, env = {}) {
  return killAtExit(
    spawn('taskset', ['-c', String(core), command, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/**
 * Starts the server of a peer and resolves with its process once it listens; rejects when it ends, or is silent for a
 * minute.
 */
export async function startServer(peer, port, { node = process.execPath, nodeOptions = [], tree = root, env }) {
  const [command, ...args] = await commandOf(peer, port, { node, nodeOptions, tree });
  const child = pinned(0, command, args, env);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), startMs);
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => String(chunk).includes('READY') && resolve(child));
    child.once('exit', (code) => reject(new Error(`${peer} ended with ${code}: ${errors.slice(-500)}`)));
  }).finally(() => clearTimeout(deadline));
}

function generate(args) {
  const child = pinned(1, binary, args);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) =>
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(errors.slice(-500))))),
  );
}

/** Peers of plain WebSocket messages, without a protocol of their own. */
const raw = ['ws', 'bun', 'c-floor', 'c-gathered'];

/**
 * The generator's name for the protocol of a peer: `everywire:poll` says its transport itself; `ws` has one, whatever
 * the load says.
 */
function protocolOf(peer, transport) {
  if (raw.includes(peer)) return 'raw';
  const [server, own] = peer.split(':');
  // A gateway speaks as its peer does.
  const spoken = server.replace(/-gateway$/, '');
  const name = own ?? (typeof transport === 'object' ? transport[spoken] : transport);
  return name ? `${spoken}-${name}` : spoken;
}

/**
 * One peer under one load, which names a server and may name a transport of it (`everywire:poll`). `options` may hold
 * `node` (its program), `nodeOptions` and `env` of the server, `tree`, the checkout whose server script is started, and
 * `endGently`, so that a profile is written.
 * @returns the generator's figures
 */
export async function runCell(peer, workload, port, { warmS, measureS, endGently = false, ...options }) {
  const server = await startServer(peer.split(':')[0], port, options);
  try {
    const timing = workload.args.includes('idle') ? [] : ['--warm', String(warmS), '--measure', String(measureS)];
    return await generate([
      '--proto',
      protocolOf(peer, workload.transport),
      '--port',
      String(port),
      '--pid',
      String(server.pid),
      ...timing,
      ...workload.args,
    ]);
  } finally {
    const ended = server.exitCode === null ? new Promise((resolve) => server.once('exit', resolve)) : undefined;
    server.kill(endGently ? 'SIGINT' : 'SIGKILL');
    await ended;
  }
}
