/** Programs that come as npm packages and are too large for every checkout: installed into `.cache` when they are asked for. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryThrice } from './try-thrice.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns the path of `file` within that version of an npm package, after installing it where it is missing. */
export function installProgram(name, version, file, say) {
  const folder = join(root, '.cache/programs', `${name.replace(/\W+/g, '-')}-${version}`);
  const program = join(folder, 'node_modules', name, file);
  if (existsSync(program)) return program;
  say(`Installing ${name} ${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const install = () =>
    spawnSync('npm', ['install', `${name}@${version}`, ...quiet], { cwd: folder, stdio: 'inherit' });
  if (tryThrice(install, ({ status }) => status === 0, say).status !== 0)
    throw new Error(`npm install ${name}@${version} failed`);
  return program;
}
