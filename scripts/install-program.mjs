/** Programs that come as npm packages and are too large for every checkout: installed into `.cache` when they are asked for. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmInstall } from './npm-install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns the path of `file` within that version of an npm package, after installing it where it is missing. */
export async function installProgram(name, version, file, say) {
  const folder = join(root, '.cache/programs', `${name.replace(/\W+/g, '-')}-${version}`);
  const program = join(folder, 'node_modules', name, file);
  if (existsSync(program)) return program;
  say(`Installing ${name} ${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  await npmInstall(folder, [`${name}@${version}`], { say });
  return program;
}
