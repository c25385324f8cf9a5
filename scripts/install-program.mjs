/** Installs programs from npm packages on demand into `.cache`, because they are too large for every checkout. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutLock, withLock } from './lock.mjs';
import { InstallError, npmInstall } from './npm-install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const installing = '.installing-';

/**
 * Installs a version of an npm package unless it is installed. Installs into a temporary folder, which is renamed once
 * the program has run there, so that a folder with the final name is always complete. npm refuses a package that does
 * not match `integrity`, a checksum in the form of a lock file, if it is given.
 *
 * @returns the path of `file` within the package
 */
export async function installProgram(release, file, say) {
  return install(release, file, say, (path) => checkRuns(path, release.version));
}

/**
 * Installs a version of an npm package that is a library, with the packages that it needs, as `installProgram` does.
 *
 * @returns the path of the package
 */
export async function installLibrary({ name, version }, say) {
  return install({ name, version }, '', say, () => undefined);
}

async function install({ name, version, integrity }, file, say, check) {
  const programs = join(root, '.cache/programs');
  const folder = join(programs, `${name.replace(/\W+/g, '-')}-${version}`);
  const path = join('node_modules', name, file);
  const program = join(folder, path);
  if (existsSync(program)) return program;
  await withLock(checkoutLock, say, async () => {
    if (existsSync(program)) return;
    say(`Installing ${name} ${version}`);
    mkdirSync(programs, { recursive: true });
    // Leftovers of a killed start. The lock excludes other installations.
    for (const left of readdirSync(programs).filter((entry) => entry.startsWith(installing)))
      rmSync(join(programs, left), { recursive: true, force: true });
    const made = join(programs, `${installing}${process.pid}`);
    mkdirSync(made);
    try {
      await installInto(made, { name, version, integrity }, say);
      check(join(made, path));
      rmSync(folder, { recursive: true, force: true });
      renameSync(made, folder);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  });
  return program;
}

async function installInto(folder, { name, version, integrity }, say) {
  const dependencies = { [name]: version };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  if (integrity) {
    // npm installs only what a lock file names: a package without dependencies.
    const packages = { '': { dependencies }, [`node_modules/${name}`]: { version, integrity } };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  }
  const onCut = () => rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  await npmInstall(folder, [], { say, onCut });
}

function checkRuns(program, version) {
  const { error, signal, status, stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status === 0 && stdout.includes(version)) return;
  const reason = error?.message ?? (signal === null ? `status ${status}` : `terminated by ${signal}`);
  throw new InstallError(`${program} does not run on this machine: ${reason}\n${stderr ?? ''}`.trimEnd());
}
