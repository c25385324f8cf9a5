import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = join(root, '.cache/bench/gen');

/** Compiles the generator; a second is not worth a cache. */
export function buildGenerator() {
  const folder = join(root, 'bench/gen');
  mkdirSync(join(root, '.cache/bench'), { recursive: true });
  execFileSync(
    'gcc',
    [
      '-O2',
      '-Wall',
      '-o',
      binary,
      ...readdirSync(folder)
        .filter((name) => name.endsWith('.c'))
        .map((name) => join(folder, name)),
    ],
    { stdio: 'inherit' },
  );
}

/** The server has core 0, the generator core 1, so that neither pays for the other. */
function pinned(core, command, args) {
  return spawn('taskset', ['-c', String(core), command, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

function startServer(peer, port) {
  const child = pinned(0, process.execPath, [join(root, 'bench/servers', `${peer}.mjs`), String(port)]);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => String(chunk).includes('READY') && resolve(child));
    child.once('exit', (code) => reject(new Error(`${peer} ended with ${code}: ${errors.slice(-500)}`)));
  });
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

/** One peer under one load. @returns the generator's figures */
export async function runCell(peer, workload, port, { warmS, measureS }) {
  const server = await startServer(peer, port);
  try {
    const timing = workload.args.includes('idle') ? [] : ['--warm', String(warmS), '--measure', String(measureS)];
    return await generate([
      '--proto',
      workload.transport ? `${peer}-${workload.transport}` : peer === 'ws' ? 'raw' : peer,
      '--port',
      String(port),
      '--pid',
      String(server.pid),
      ...timing,
      ...workload.args,
    ]);
  } finally {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }
}
