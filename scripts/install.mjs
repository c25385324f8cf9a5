/**
 * Installs the packages of the lock file, once per lock file: those that running the server needs, or all, which the tests and the
 * other commands need. Names in one line what the machine lacks.
 *
 * Install scripts run for the native parts alone: nothing else in the tree needs one.
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
/** There while npm writes the packages, and after it was cut: npm takes a package that is there in part for whole. It holds the scope. */
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
 * Installs everything.
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
 * Installs what building and running the server needs. Where everything was installed for an earlier lock file, it is everything again:
 * nobody who develops loses the tools to a start.
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
  // Not `npm ci`: it refuses a lock file without the optional packages of every platform, which a registry need not have.
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

/** How many packages of the lock file this machine fetches. */
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
 * Prepares what the tests need compiled on every Node, and the server where Node has no SQLite.
 *
 * @param {(line: string) => void} say
 */
export async function installNativeParts(say) {
  for (const part of nativeParts) await buildNativePart(part, say);
}

async function buildNativePart(part, say) {
  if (loads(part)) return;
  say(`Preparing ${part} for this machine (up to three minutes where it must be compiled)`);
  const { ok, output } = await rebuild(part);
  if (ok && loads(part)) return;
  const missing = missingCompilers();
  if (missing.length > 0) {
    throw new InstallError(
      `${part} has to be compiled here and this machine lacks ${missing.join(', ')}: on Debian, apt-get install ${missing.join(' ')}`,
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
