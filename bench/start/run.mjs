/**
 * `npm run bench -- start`: measures the seconds from installation to the first page: from a clone by `npm start`, and
 * from the package by `npx`, with npm's cache warm and cold. It needs a registry in reach; what it measures is also the
 * registry.
 *
 * `--rounds 3`, `--nodes 24,20`, `--save` (into bench/results/start.json).
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureNode } from '../../scripts/ensure-node.mjs';
import { writeRows } from '../../scripts/write-rows.mjs';
import { atExit, killAtExit } from '../at-exit.mjs';
import { freePort } from '../free-port.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    nodes: { type: 'string', default: '24,20' },
    save: { type: 'boolean', default: false },
  },
});

const home = mkdtempSync(join(tmpdir(), 'everywire-first-start-'));
atExit(() => rmSync(home, { recursive: true, force: true }));
execFileSync(process.execPath, [join(root, 'scripts/pack.mjs'), home], { stdio: 'inherit' });
const tarball = readdirSync(home).find((name) => name.endsWith('.tgz'));

/** Each makes the directory that is started from, and says what starts. */
const ways = {
  clone: (directory) => {
    execFileSync('git', ['clone', '--quiet', root, directory]);
    return ['npm', 'start', '--silent'];
  },
  package: (directory) => {
    mkdirSync(directory);
    cpSync(join(home, tarball), join(directory, tarball));
    return ['npx', '--yes', `./${tarball}`];
  },
};

const rows = [];
for (const major of values.nodes.split(',')) {
  const bin = await pathWith(await ensureNode(major, console.log));
  for (const way of Object.keys(ways)) {
    // On a Node without SQLite the package only says what it needs.
    if (way === 'package' && Number(major) < 22) continue;
    // The first run fills the cache for the warm ones.
    const warm = join(home, `cache-${way}-${major}`);
    await measure(way, bin, warm);
    for (const cache of ['warm', 'cold']) {
      const seconds = [];
      for (let round = 0; round < Number(values.rounds); round += 1)
        seconds.push(await measure(way, bin, cache === 'warm' ? warm : mkdtempSync(join(home, 'cold-'))));
      seconds.sort((a, b) => a - b);
      const [least, median, most] = [seconds[0], seconds[seconds.length >> 1], seconds.at(-1)];
      rows.push({ node: major, way, cache, least, median, most });
      console.log(`Node ${major}, ${way}, ${cache} cache: ${median} s (${least} to ${most})`);
    }
  }
}
if (values.save) {
  const file = fileURLToPath(new URL('../results/start.json', import.meta.url));
  writeRows(file, { at: new Date().toISOString(), rows });
}

/** A directory for `PATH` without compilers. */
async function pathWith(node) {
  const bin = mkdtempSync(join(home, 'bin-'));
  symlinkSync(node, join(bin, 'node'));
  for (const command of ['npm', 'npx', 'sh', 'env', 'git'])
    symlinkSync(execFileSync('which', [command], { encoding: 'utf8' }).trim(), join(bin, command));
  return bin;
}

/** Seconds until the first page is there. */
async function measure(way, bin, cache) {
  const directory = join(mkdtempSync(join(home, 'run-')), 'everywire');
  const [command, ...args] = ways[way](directory);
  const port = await freePort();
  const startedAt = performance.now();
  const child = killAtExit(
    spawn(command, args, {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PATH: bin, PORT: String(port), npm_config_cache: cache, EVERYWIRE_LOG: 'error' },
    }),
  );
  while (!(await hasPage(port))) {
    if (child.exitCode !== null) throw new Error(`${way} ended with ${child.exitCode}`);
    await delay(20);
  }
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  child.kill('SIGTERM');
  await once(child, 'exit');
  while (await hasPage(port)) await delay(50);
  rmSync(join(directory, '..'), { recursive: true, force: true, maxRetries: 5 });
  return seconds;
}

async function hasPage(port) {
  try {
    return (await (await fetch(`http://127.0.0.1:${port}/`)).text()).includes('<div id="page"');
  } catch {
    return false;
  }
}
