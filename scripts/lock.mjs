/**
 * A lock between processes, for what two starts must not do at once in one checkout.
 *
 * A folder holds numbered files, and the one with the highest number is the state: it names the holder and the programs that the holder runs, or is
 * empty once the lock was released. The lock is taken by creating the next number, which only one process can do. The highest number is never
 * removed, so a process that was slow to create its own sees that it came too late. A lock of processes that have ended counts for nothing.
 */
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const pollMs = 250;
/** Tells this process from an earlier one with the same id, as in a container that starts again. */
const token = `${process.pid}-${performance.timeOrigin}`;
/** The files of the locks that this process holds. */
const held = new Set();

/** The lock on the packages and the builds of this checkout. */
export const checkoutLock = join(fileURLToPath(new URL('..', import.meta.url)), '.cache/lock');

/**
 * Runs `work` while no other process holds the lock. `say` names the process it waits for.
 *
 * @template T
 * @param {string} folder
 * @param {(line: string) => void} say
 * @param {() => T | Promise<T>} work It must not take the same lock.
 * @returns {Promise<T>}
 */
export async function withLock(folder, say, work) {
  mkdirSync(folder, { recursive: true });
  const file = await take(realpathSync(folder), say);
  held.add(file);
  try {
    return await work();
  } finally {
    held.delete(file);
    writeFileSync(file, '');
  }
}

/** Makes the locks of this process hold until that program has ended, even if this process ends before: it still writes. */
export function keepLockFor(pid) {
  for (const file of held) appendFileSync(file, `${describe(pid)}\n`);
}

async function take(folder, say) {
  let named;
  for (;;) {
    const number = highest(folder);
    const holder = holderOf(join(folder, String(number)));
    if (holder === undefined) {
      const file = claim(folder, number + 1);
      if (file !== null) return file;
      continue;
    }
    if (holder !== named) say(`Waiting for process ${holder}, which installs or builds here`);
    named = holder;
    await delay(pollMs);
  }
}

/** The id of a process that holds the lock and runs. */
function holderOf(file) {
  return readIfThere(file)
    .split('\n')
    .filter((line) => line !== '' && isRunning(line))
    .map((line) => line.split(' ')[0])[0];
}

/** Returns the file of the lock, or `null` where another process was faster. */
function claim(folder, number) {
  const file = join(folder, String(number));
  const own = join(folder, `claim-${token}`);
  const text = `${describe(process.pid)}\n`;
  writeFileSync(own, text);
  const created = createWhole(own, file, text);
  rmSync(own, { force: true });
  if (!created) return null;
  if (highest(folder) !== number) {
    rmSync(file, { force: true });
    return null;
  }
  for (const name of readdirSync(folder)) if (name !== String(number)) rmSync(join(folder, name), { force: true });
  return file;
}

/** A link appears with its content; a file that is created and then written is empty for a moment, as if it was released. */
function createWhole(own, file, text) {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'ENOENT') return false;
  }
  // A file system without hard links.
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

const highest = (folder) => Math.max(0, ...readdirSync(folder).map(Number).filter(Number.isInteger));

/** `PID STARTED TOKEN`: the id alone may belong to another process after a while. */
function describe(pid) {
  return `${pid} ${readLife(pid)?.started ?? '-'} ${pid === process.pid ? token : '-'}`;
}

function isRunning(line) {
  const [pid, started, itsToken] = line.split(' ');
  if (Number(pid) === process.pid) return itsToken === token;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // It runs, and belongs to another user.
    if (error.code !== 'EPERM') return false;
  }
  const life = readLife(pid);
  if (life === null) return true;
  return !'ZX'.includes(life.state) && (started === '-' || started === life.started);
}

/** What Linux says of a process: its state, and its start in ticks since the machine started. Elsewhere `null`. */
function readLife(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === '') return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], started: fields[19] };
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
