/**
 * Which Node runs the server, by the SQLite that the store will use.
 *
 * A Node of 22.16 or later brings one that it can use. Below that, a current Node comes from the npm registry in seconds, where compiling
 * better-sqlite3 takes a minute and a compiler; `EVERYWIRE_SQLITE=better-sqlite3` chooses that all the same.
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

/** @returns {Promise<{ node: string | null, compiles: boolean }>} The other Node that runs the server, or `null` for this one. */
export async function chooseNode(say) {
  const compiles = sqliteSetting() === 'better-sqlite3';
  const faults = [
    major < 22 && 'has had no fixes since its end of life',
    !hasSqlite && 'brings no SQLite for the store',
  ];
  const fault = `Node ${process.versions.node} ${faults.filter(Boolean).join(' and ')}`;
  if (compiles && major < 22) say(`${fault}: better to install Node ${currentMajor}`);
  if (compiles || hasSqlite) return { node: null, compiles };
  say(`${fault}: the server runs on Node ${currentMajor} from the npm registry`);
  try {
    return { node: await ensureNode(currentMajor, say), compiles: false };
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    say(
      `There is no Node ${currentMajor} to be had for this machine, so better-sqlite3 is prepared for this one.\n${error.message}`,
    );
    return { node: null, compiles: true };
  }
}

/** From where the server takes it. What is wrong there, the server says. */
function sqliteSetting() {
  const { EVERYWIRE_SQLITE: set, EVERYWIRE_CONFIG: file = 'everywire.config.json' } = process.env;
  if (set !== undefined) return set;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).EVERYWIRE_SQLITE;
  } catch {
    return undefined;
  }
}

/** Starts again on that Node and ends as it does. Names a signal that did not come through here, as from a Node that is damaged. */
export function startOn(node) {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  let passedOn = false;
  // A terminal sends its Ctrl-C to both; the server takes two signals at once as one.
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
    if (signal !== null && !passedOn) console.error(`everywire: ${node} was ended by ${signal}. ${remedy(node)}`);
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}

/** `.cache/programs/NAME/node_modules/NAME/bin/node`: the first NAME is what `installProgram` makes again. */
function remedy(node) {
  return `If that comes again, delete ${resolve(node, '../../../..')} and start again: it is fetched once more.`;
}
