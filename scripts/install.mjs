/**
 * Installs the packages of the lock file, once per lock file: those that running the server needs, or all, which the
 * tests and other commands need. No package needs its install script.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutLock, withLock } from './lock.mjs';
import { npmInstall } from './npm-install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, '.cache/install-stamp');
/**
 * Exists while npm writes the packages, and after an interruption: npm considers a partially written package complete.
 * Contains the scope.
 */
const installingFile = join(root, '.cache/installing');

function readLock() {
  return readFileSync(join(root, 'package-lock.json'), 'utf8');
}

/** `scope` is `running` or `all`. */
function stamp(scope) {
  return `${createHash('sha256').update(readLock()).digest('hex')} ${process.platform} ${process.arch} ${scope}`;
}

function stamped() {
  const isWhole = existsSync(stampFile) && existsSync(join(root, 'node_modules')) && !existsSync(installingFile);
  return isWhole ? readFileSync(stampFile, 'utf8') : '';
}

export function isInstalled() {
  return stamped() === stamp('all');
}

export function isInstalledForRunning() {
  return isInstalled() || stamped() === stamp('running');
}

/**
 * Installs all packages.
 *
 * @param {(line: string) => void} say
 * @param {(done: number, all: number) => void} [onCount]
 */
export async function install(say, onCount) {
  if (isInstalled()) return;
  await withLock(checkoutLock, say, async () => {
    if (!isInstalled()) await installScope('all', say, onCount);
  });
}

/**
 * Installs the packages that building and running the server needs. If all packages were installed, here or by `npm ci`,
 * installs all again, so that a start does not remove a developer's tools.
 *
 * @param {(line: string) => void} say
 * @param {(done: number, all: number) => void} [onCount]
 */
export async function installForRunning(say, onCount) {
  if (isInstalledForRunning()) return;
  await withLock(checkoutLock, say, async () => {
    if (isInstalledForRunning()) return;
    await installScope(hasAll() ? 'all' : 'running', say, onCount);
  });
}

/** Returns whether all packages are or were being installed, for this lock file or an earlier one. */
function hasAll() {
  if (existsSync(installingFile)) return readFileSync(installingFile, 'utf8') === 'all';
  if (/\ball$/.test(stamped())) return true;
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  return Object.values(JSON.parse(readFileSync(installedFile, 'utf8')).packages).some(({ dev }) => dev);
}

async function installScope(scope, say, onCount = () => {}) {
  const all = countPackages(scope);
  // Not `npm ci`, which refuses a lock file without the optional packages of every platform; a registry may lack some.
  const args = scope === 'all' ? ['--no-save'] : ['--no-save', '--omit=dev'];
  if (existsSync(installingFile)) removePackages();
  writeFileSync(installingFile, scope);
  rmSync(stampFile, { force: true });
  const onPackage = (fetched) => onCount(Math.min(fetched, all), all);
  await npmInstall(root, args, { say, onPackage, onCut: removePackages });
  writeFileSync(stampFile, stamp(scope));
  rmSync(installingFile);
}

/** Removes every installed package, also those next to a workspace. */
function removePackages() {
  const folders = Object.keys(JSON.parse(readLock()).packages).filter((path) => !path.includes('node_modules'));
  for (const folder of folders) rmSync(join(root, folder, 'node_modules'), { recursive: true, force: true });
}

/** Returns the number of packages of the lock file that this machine fetches. */
function countPackages(scope) {
  const fits = (allowed, value) =>
    allowed === undefined || allowed.includes(value) || (allowed[0].startsWith('!') && !allowed.includes(`!${value}`));
  return Object.entries(JSON.parse(readLock()).packages).filter(
    ([path, { link, dev, devOptional, os, cpu }]) =>
      path.includes('node_modules/') &&
      !link &&
      (scope === 'all' || (!dev && !devOptional)) &&
      fits(os, process.platform) &&
      fits(cpu, process.arch),
  ).length;
}
