/**
 * Restarts `npm start` and `npm test` on a recommended Node if they were started on one that is too old: the store
 * needs the SQLite of Node 22.16. The download from the npm registry takes seconds.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, resolve } from 'node:path';
import { ensureNode, recommendedNode } from './ensure-node.mjs';
import { InstallError } from './npm-install.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
const isSupported = major > 22 || (major === 22 && minor >= 16);

/**
 * Returns the other Node on which the command must run; `null` if this one is new enough. Throws `InstallError`.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>}
 */
export async function chooseNode(say) {
  if (isSupported) return null;
  const better = recommendedNode();
  say(`Everywire needs Node 22.16 or later, and this is ${process.versions.node}. It goes on with Node ${better}`);
  try {
    return await ensureNode(better, say);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    throw new InstallError(`${error.message}\nInstall Node 22.16 or later, for example from https://nodejs.org.`);
  }
}

/**
 * Restarts this command on that Node, and exits as it does. Reports a signal that this process did not forward, as from
 * a damaged Node.
 */
export function startOn(node) {
  // npm and other programs that it starts use the same Node.
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env });
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
