import { existsSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isFileName } from '@everywire/chat';

/** The mode of directories that only the server's user may read. */
export const ownerOnly = 0o700;
/** As `DirectoryFiles` arranges them: by the first two digits of a name. */
const shelfPattern = /^[0-9a-f]{2}$/;
/** What is still coming in belongs to no message yet. */
const unfinishedName = 'unfinished';

export interface LeftOut {
  /** Within the directory that was copied. */
  readonly path: string;
  /** Whether it has the name of a file of a message, or of a directory of them: then the copy may lack something. */
  readonly isWanted: boolean;
}

interface Copying {
  readonly from: string;
  readonly to: string;
  /**
   * What happens to a directory of files that is a symbolic link. `follow` for the server's own, which may lie on another disk. `leave` for those of a
   * backup: in that of a stranger a link would let them download what it points to.
   */
  readonly links: 'follow' | 'leave';
}

/**
 * Copies the files of messages from one directory to another and syncs them. Takes only what a server writes there: regular files with the
 * name of a file, in the directory of that name, as it is only these that a server reads. Skips a file that disappears meanwhile.
 *
 * @returns what was left out
 */
export async function copyFiles({ from, to, links }: Copying): Promise<readonly LeftOut[]> {
  await mkdir(to, { recursive: true, mode: ownerOnly });
  await chmod(to, ownerOnly);
  const isThere = existsSync(from);
  // A link to a disk that is not mounted. Without one no file was ever sent.
  const leftOut: LeftOut[] = isThere || !(await isLink(from)) ? [] : [{ path: basename(from), isWanted: true }];
  for (const shelf of isThere ? await readdir(from) : []) {
    if (shelf === unfinishedName) continue;
    const isShelf = shelfPattern.test(shelf);
    if (isShelf && (await isDirectory(join(from, shelf), links))) {
      leftOut.push(...(await copyShelf(shelf, { from: join(from, shelf), to: join(to, shelf) })));
    } else leftOut.push({ path: shelf, isWanted: isShelf });
  }
  await syncDirectory(to);
  return leftOut;
}

async function copyShelf(shelf: string, { from, to }: Omit<Copying, 'links'>): Promise<readonly LeftOut[]> {
  await mkdir(to, { recursive: true, mode: ownerOnly });
  const leftOut: LeftOut[] = [];
  for (const name of await readdir(from)) {
    const isWanted = isFileName(name) && name.startsWith(shelf);
    try {
      if (isWanted && (await lstat(join(from, name))).isFile()) await copyOne(join(from, name), join(to, name));
      else leftOut.push({ path: join(shelf, name), isWanted });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  await syncDirectory(to);
  return leftOut;
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (own) => own.isSymbolicLink(),
    () => false,
  );
}

/** A link that leads nowhere is none. */
async function isDirectory(path: string, links: Copying['links']): Promise<boolean> {
  const own = await lstat(path);
  if (links === 'leave' || !own.isSymbolicLink()) return own.isDirectory();
  return stat(path).then(
    (there) => there.isDirectory(),
    () => false,
  );
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await syncPath(to, 'r+');
}

const shownMax = 20;

/**
 * Sentences that name what was left out, what the copy may lack first; empty for nothing. Names come from a stranger's disk, so what could steer a terminal
 * is not printed.
 */
export function describeLeftOut(leftOut: readonly LeftOut[]): string {
  const wanted = leftOut.filter(({ isWanted }) => isWanted);
  const strange = leftOut.filter(({ isWanted }) => !isWanted);
  return (
    listOf('Left out, so files of messages may be missing, because it is no regular file or directory:', wanted) +
    listOf('Left out, because it is no file of a message:', strange)
  );
}

function listOf(reason: string, leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return '';
  const shown = leftOut.slice(0, shownMax).map(({ path }) => `\n  ${path.replace(/\p{C}/gu, '?')}`);
  const more = leftOut.length > shownMax ? `\n  and ${leftOut.length - shownMax} more` : '';
  return `\n${reason}${shown.join('')}${more}`;
}

export function syncDirectory(path: string): Promise<void> {
  return syncPath(path, 'r');
}

async function syncPath(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
