import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './tree.mjs';

/** Runs an installed tool in the root. @returns its output if it failed, otherwise `null` */
export function runTool(path, args) {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', path), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return result.status === 0
    ? null
    : `${result.stdout}${result.stderr}`.trim() || `${path} exited with ${result.status ?? result.signal}`;
}
