/**
 * Chooses the Node that runs the server, by the SQLite that the store will use.
 *
 * Node 22.16 and later have a usable built-in SQLite. For an older one, a current Node is downloaded from the npm
 * registry, which takes seconds, whereas compiling better-sqlite3 takes a minute and a compiler.
 * `EVERYWIRE_SQLITE=better-sqlite3` overrides this.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNode } from './ensure-node.mjs';
import { InstallError } from './npm-install.mjs';

const program = fileURLToPath(new URL('start.mjs', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
const hasSqlite = major > 22 || (major === 22 && minor >= 16);
const currentMajor = '24';

/**
 * @returns {Promise<{ node: string | null, compiles: boolean }>} the other Node that runs the server, or `null` for
 *   this one
 */
export async function chooseNode(say) {
  const compiles = sqliteSetting() === 'better-sqlite3';
  const faults = [major < 22 && 'has reached its end of life', !hasSqlite && 'has no built-in SQLite for the store'];
  const fault = `Node ${process.versions.node} ${faults.filter(Boolean).join(' and ')}`;
  if (compiles && major < 22) say(`${fault}. Node ${currentMajor} is recommended`);
  if (compiles || hasSqlite) return { node: null, compiles };
  say(`${fault}. The server runs on Node ${currentMajor} from the npm registry`);
  try {
    return { node: await ensureNode(currentMajor, say), compiles: false };
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    say(
      `Node ${currentMajor} is not available for this machine, so better-sqlite3 is prepared for this Node.\n${error.message}`,
    );
    return { node: null, compiles: true };
  }
}

/** Reads the setting from where the server reads it. The server reports invalid values. */
function sqliteSetting() {
  const { EVERYWIRE_SQLITE: set, EVERYWIRE_CONFIG: file = 'everywire.config.json' } = process.env;
  if (set !== undefined) return set;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).EVERYWIRE_SQLITE;
  } catch {
    return undefined;
  }
}

/**
 * Restarts on that Node and exits as it does. Reports a signal that this process did not forward, as from a damaged
 * Node.
 */
export function startOn(node) {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  let passedOn = false;
  // A terminal sends Ctrl-C to both processes; the server treats two signals within a second as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      passedOn = true;
      child.kill(signal);
    });
  child.on('error', (error) => {
    console.error(`everywire: ${node} could not be started (${error.code}). ${remedy(node)}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal !== null && !passedOn) console.error(`everywire: ${node} was terminated by ${signal}. ${remedy(node)}`);
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}

/**
 * Names the folder that `installProgram` creates again: the first NAME of
 * `.cache/programs/NAME/node_modules/NAME/bin/node`.
 */
function remedy(node) {
  return `If this happens again, delete ${resolve(node, '../../../..')} and start again to download it again.`;
}
