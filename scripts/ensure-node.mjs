/** Other versions of Node, from their npm packages, kept in `.cache`: for tests that have to pass on each of them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Pinned, so that a release of Node fails no build of ours. */
const releases = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' };

export const nodeVersions = Object.keys(releases);

/** @returns the program of that major version: the running one, or one installed for it. */
export async function ensureNode(major, say) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const parts = `node-${process.platform}-${process.arch}`;
  const folder = join(root, '.cache/node', releases[major]);
  const program = join(folder, 'node_modules', parts, 'bin/node');
  if (existsSync(program)) return program;
  say(`Installing Node ${releases[major]} for the tests`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn('npm', ['install', `${parts}@${releases[major]}`, ...quiet], { cwd: folder, stdio: 'inherit' });
  const status = await new Promise((resolve) => child.on('exit', resolve));
  if (status !== 0) throw new Error(`npm install ${parts}@${releases[major]} failed`);
  return program;
}
