/**
 * Installs other versions of Node from the npm registry: for a start on a Node that is too old, and for tests on each
 * version. `node-releases.json` pins the releases, so that a new one cannot break a build, and the checksum of each
 * package, so that no registry can replace it.
 */
import { readFileSync } from 'node:fs';
import { installProgram } from './install-program.mjs';
import { InstallError } from './npm-install.mjs';

const releases = JSON.parse(readFileSync(new URL('node-releases.json', import.meta.url), 'utf8'));
const platform = `${process.platform}-${process.arch}`;

/** The versions on which Everywire is tested. Node 20 is only pinned for the tests of a start on an old Node. */
export const nodeVersions = ['22', '24', '26'];
/** The versions for a machine whose Node is too old, the best first: the registry has no Node 24 for Macs with ARM. */
const recommended = ['24', '26'];

/** Returns the path of a Node of that major version: the running one, or an installed one. Throws `InstallError`. */
export async function ensureNode(major, say) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const release = releaseOf(major);
  if (release === undefined) throw new InstallError(`The npm registry has no Node ${major} for ${platform}.`);
  return installProgram(release, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node', say);
}

/** Returns the recommended major version for this machine. */
export function recommendedNode() {
  return recommended.find((major) => releaseOf(major) !== undefined) ?? recommended[0];
}

function releaseOf(major) {
  const { package: name, integrity = {} } = releases[platform] ?? {};
  const version = Object.keys(integrity).find((each) => each.startsWith(`${major}.`));
  return version && { name, version, integrity: integrity[version] };
}
