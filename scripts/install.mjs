/**
 * Installs the packages of the lock file, once per lock file, and names in one line what the machine lacks.
 *
 * Install scripts run for the native parts alone: nothing else in the tree needs one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryThrice } from './try-thrice.mjs';

/** Whether this Node brings an SQLite that the store can use: then nothing has to be compiled to run the server. */
const [major, minor] = process.versions.node.split('.').map(Number);
const hasSqlite = major > 22 || (major === 22 && minor >= 16);

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, '.cache/install-stamp');
const nativeParts = ['better-sqlite3'];
const compilers = [
  { command: 'python3', argument: '--version', debian: 'python3' },
  { command: 'make', argument: '--version', debian: 'make' },
  { command: 'c++', argument: '--version', debian: 'g++' },
];

export class InstallError extends Error {}

function stamp() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.version} ${process.platform} ${process.arch}`;
}

export function isInstalled() {
  return existsSync(stampFile) && existsSync(join(root, 'node_modules')) && readFileSync(stampFile, 'utf8') === stamp();
}

function npm(args) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', [...args, ...quiet], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return {
    ok: result.status === 0,
    output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`,
  };
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

function buildNativePart(part, say) {
  if (loads(part)) return;
  say(`Preparing ${part} for this machine (up to three minutes where it must be compiled)`);
  const built = npm(['rebuild', part]);
  if (built.ok && loads(part)) return;
  const missing = missingCompilers();
  if (missing.length > 0) {
    throw new InstallError(
      `${part} has to be compiled here and this machine lacks ${missing.join(', ')}: on Debian, apt-get install ${missing.join(' ')}`,
    );
  }
  throw new InstallError(`${part} could not be compiled:\n${built.output.slice(-2000)}`);
}

/**
 * Prepares what the tests need compiled on every Node, and the server where Node has no SQLite.
 *
 * @param {(line: string) => void} say
 */
export function installNativeParts(say) {
  for (const part of nativeParts) buildNativePart(part, say);
}

/** @param {(line: string) => void} say */
export function install(say) {
  if (isInstalled()) return;
  say('Installing packages (first start, or the lock file changed)');
  // Not `npm ci`: it refuses a lock file without the optional packages of every platform, which a registry need not have.
  const fetched = tryThrice(
    () => npm(['install', '--no-save', '--ignore-scripts']),
    ({ ok }) => ok,
    say,
  );
  if (!fetched.ok) throw new InstallError(`npm could not install the packages:\n${fetched.output.slice(-2000)}`);
  if (!hasSqlite || process.env.EVERYWIRE_SQLITE === 'better-sqlite3') installNativeParts(say);
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stampFile, stamp());
}
