/**
 * Installs the packages of the lock file, once per lock file: those that running the server needs, or all, which the
 * tests and other commands need. Reports missing tools of the machine in one line.
 *
 * Only native parts run install scripts; no other package needs one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './child-processes.mjs';
import { checkoutLock, withLock } from './lock.mjs';
import { InstallError, npmInstall } from './npm-install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, '.cache/install-stamp');
/**
 * Exists while npm writes the packages, and after an interruption: npm considers a partially written package complete.
 * Contains the scope.
 */
const installingFile = join(root, '.cache/installing');
const nativeParts = ['better-sqlite3'];
const compilers = [
  { command: 'python3', argument: '--version', debian: 'python3' },
  { command: 'make', argument: '--version', debian: 'make' },
  { command: 'c++', argument: '--version', debian: 'g++' },
];

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
 * Installs the packages that building and running the server needs. If all packages were installed for an earlier lock
 * file, installs all again, so that a start does not remove a developer's tools.
 *
 * @param {(line: string) => void} say
 * @param {(done: number, all: number) => void} [onCount]
 */
export async function installForRunning(say, onCount) {
  if (isInstalledForRunning()) return;
  await withLock(checkoutLock, say, async () => {
    if (isInstalledForRunning()) return;
    const before = existsSync(installingFile) ? readFileSync(installingFile, 'utf8') : stamped();
    await installScope(/\ball$/.test(before) ? 'all' : 'running', say, onCount);
  });
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

/**
 * Prepares the compiled parts that the tests need on every Node, and the server on a Node without SQLite.
 *
 * @param {(line: string) => void} say
 */
export async function installNativeParts(say) {
  for (const part of nativeParts) await buildNativePart(part, say);
}

async function buildNativePart(part, say) {
  if (loads(part)) return;
  say(`Preparing ${part} for this machine (up to three minutes if it must be compiled)`);
  const { ok, output } = await rebuild(part);
  if (ok && loads(part)) return;
  const missing = missingCompilers();
  if (missing.length > 0) {
    throw new InstallError(
      `${part} must be compiled on this machine, which lacks ${missing.join(', ')}. On Debian: apt-get install ${missing.join(' ')}`,
    );
  }
  throw new InstallError(`${part} could not be compiled:\n${output.slice(-2000)}`);
}

function rebuild(part) {
  const child = runChild('npm', ['rebuild', part, '--loglevel=error'], {
    cwd: root,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (status) => resolve({ ok: status === 0, output }));
  });
}

function loads(part) {
  const probe = `new (require(${JSON.stringify(part)}))(':memory:').close()`;
  return spawnSync(process.execPath, ['-e', probe], { cwd: root }).status === 0;
}

function missingCompilers() {
  return compilers
    .filter(({ command, argument }) => spawnSync(command, [argument]).status !== 0)
    .map(({ debian }) => debian);
}
