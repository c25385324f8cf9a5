/** Programs that come as npm packages and are too large for every checkout: installed into `.cache` when they are asked for. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutLock, withLock } from './lock.mjs';
import { InstallError, npmInstall } from './npm-install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const installing = '.installing-';

/**
 * Installs it into a folder of its own, and gives the folder its name once the program has run there: what has the name is whole.
 *
 * @returns the path of `file` within that version of an npm package, after installing it where it is missing.
 */
export async function installProgram(name, version, file, say) {
  const programs = join(root, '.cache/programs');
  const folder = join(programs, `${name.replace(/\W+/g, '-')}-${version}`);
  const path = join('node_modules', name, file);
  const program = join(folder, path);
  if (existsSync(program)) return program;
  await withLock(checkoutLock, say, async () => {
    if (existsSync(program)) return;
    say(`Installing ${name} ${version}`);
    mkdirSync(programs, { recursive: true });
    // What a start left behind that was killed: nobody else installs here now.
    for (const left of readdirSync(programs).filter((entry) => entry.startsWith(installing)))
      rmSync(join(programs, left), { recursive: true, force: true });
    const made = join(programs, `${installing}${process.pid}`);
    mkdirSync(made);
    try {
      await installInto(made, `${name}@${version}`, say);
      checkRuns(join(made, path), version);
      rmSync(folder, { recursive: true, force: true });
      renameSync(made, folder);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  });
  return program;
}

async function installInto(folder, what, say) {
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const onCut = () => rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  await npmInstall(folder, [what], { say, onCut });
}

function checkRuns(program, version) {
  const { error, signal, status, stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status === 0 && stdout.includes(version)) return;
  const reason = error?.message ?? (signal === null ? `status ${status}` : `ended by ${signal}`);
  throw new InstallError(`${program} does not run on this machine: ${reason}\n${stderr ?? ''}`.trimEnd());
}
