/**
 * A lock between processes, for work that two starts must not do at the same time in one checkout.
 *
 * A folder contains numbered files. The one with the highest number is the state: it names the holder and the programs
 * that the holder runs, or is empty once the lock is released. A process takes the lock by creating the file with the
 * next number, which only one process can do. The highest number is never removed, so a slow process detects that it
 * came too late. A lock whose processes have all ended is ignored.
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
/** Distinguishes this process from an earlier one with the same id, as after the restart of a container. */
const token = `${process.pid}-${performance.timeOrigin}`;
/** The files of the locks that this process holds. */
const held = new Set();

/** The lock on the packages and the builds of this checkout. */
export const checkoutLock = join(fileURLToPath(new URL('..', import.meta.url)), '.cache/lock');

/**
 * Runs `work` while this process holds the lock. Reports through `say` which process it waits for.
 *
 * @template T
 * @param {string} folder
 * @param {(line: string) => void} say
 * @param {() => T | Promise<T>} work must not take the same lock
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

/**
 * Extends the locks of this process until that program has ended, even if this process ends first, because the program
 * still writes.
 */
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

/** Returns the id of a running process that holds the lock. */
function holderOf(file) {
  return readIfThere(file)
    .split('\n')
    .filter((line) => line !== '' && isRunning(line))
    .map((line) => line.split(' ')[0])[0];
}

/** Returns the file of the lock; `null` if another process was faster. */
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

/**
 * Creates a file together with its content by a hard link: a file that is written after its creation is briefly empty,
 * like a released lock.
 */
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

/** Returns `PID STARTED TOKEN`, because an id alone may be reused by another process. */
function describe(pid) {
  return `${pid} ${readLife(pid)?.started ?? '-'} ${pid === process.pid ? token : '-'}`;
}

function isRunning(line) {
  const [pid, started, itsToken] = line.split(' ');
  if (Number(pid) === process.pid) return itsToken === token;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // EPERM: it runs, but belongs to another user.
    if (error.code !== 'EPERM') return false;
  }
  const life = readLife(pid);
  if (life === null) return true;
  return !'ZX'.includes(life.state) && (started === '-' || started === life.started);
}

/** Returns a process's state and its start in clock ticks since boot; `null` on other systems than Linux. */
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
