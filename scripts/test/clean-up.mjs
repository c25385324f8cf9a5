/** Ends the processes that tests started and removes the files that they wrote, in any state. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';

/**
 * Kills the processes whose TMPDIR is in the folder, unmounts the disks that a killed test left there, and removes the
 * folder. Never throws: it runs while the process exits, where an error would replace the outcome of the tests. A
 * folder that remains is reported.
 */
export function cleanUp(folder) {
  for (const pid of processesWithTemporary(folder)) kill(pid);
  for (const path of mountsBelow(folder)) spawnSync('/bin/umount', ['--lazy', path]);
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    console.error(`The temporary folder ${folder} remains: ${error.message}`);
  }
}

/** Kills a process, or with a negative id its group. A process that has ended is ignored. */
export function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/**
 * Returns the processes that left the process group of their suite, as browsers and nested runners do, by their TMPDIR.
 * Linux only.
 */
function processesWithTemporary(folder) {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isInside = (line) => line === `TMPDIR=${folder}` || line.startsWith(`TMPDIR=${folder}/`);
  return pids.map(Number).filter((pid) => pid !== process.pid && readEnvironment(pid).some(isInside));
}

function readEnvironment(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has ended, or belongs to another user.
    return [];
  }
}

/** Returns the mount points inside the folder, the innermost first. */
function mountsBelow(folder) {
  if (process.platform !== 'linux') return [];
  const paths = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return paths.filter((path) => path.startsWith(`${folder}/`)).reverse();
}
