/**
 * Installs other versions of Node from the npm registry, for tests on each version, and for a start on a Node without
 * SQLite.
 */
import { installProgram } from './install-program.mjs';

/** Pinned, so that a new release of Node cannot break a build. */
const releases = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' };

export const nodeVersions = Object.keys(releases);

/** Returns the path of a Node of that major version: the running one, or an installed one. */
export async function ensureNode(major, say) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  return installProgram(name, releases[major], isWindows ? 'bin/node.exe' : 'bin/node', say);
}
