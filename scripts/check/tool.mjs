import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './tree.mjs';

/** Runs one installed tool at the root. @returns its output where it failed, else `null`. */
export function runTool(path, args) {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', path), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return result.status === 0
    ? null
    : `${result.stdout}${result.stderr}`.trim() || `${path} ended with ${result.status ?? result.signal}`;
}
