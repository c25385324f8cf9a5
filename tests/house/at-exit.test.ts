import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './checkout-copy.js';

/** Starts a child that never ends by itself, prints its process id, and writes a file at exit. */
const bench = `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  import { atExit, killAtExit } from ${JSON.stringify(join(root, 'bench/at-exit.mjs'))};
  atExit(() => writeFileSync(process.env.UNDONE, 'undone'));
  console.log(killAtExit(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])).pid);
`;

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a bench that gets %s kills its children, removes its files and exits with %i', async (signal, status) => {
  const folder = mkdtempSync(join(tmpdir(), 'everywire-exit-'));
  const undone = join(folder, 'undone');
  try {
    const running = spawn(process.execPath, ['--input-type=module', '--eval', bench], {
      env: { ...process.env, UNDONE: undone },
    });
    const exited = once(running, 'exit');
    const [output] = await once(running.stdout, 'data');
    const child = Number(output);
    expect(process.kill(child, 0)).toBe(true);
    running.kill(signal);
    expect(await exited).toEqual([status, null]);
    expect(readFileSync(undone, 'utf8')).toBe('undone');
    await expect.poll(() => isRunning(child)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Returns whether the process exists and has not ended. */
function isRunning(pid: number): boolean {
  try {
    // An orphan that has ended stays a zombie until its new parent reaps it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
