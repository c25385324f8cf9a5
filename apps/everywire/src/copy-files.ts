import { existsSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isFileName } from '@everywire/chat';

/** The mode of directories that only the server's user may read. */
export const OWNER_ONLY = 0o700;
/** The name of a subdirectory of `DirectoryFiles`: the first two digits of the names of its files. */
const SUBDIRECTORY = /^[0-9a-f]{2}$/;
/** The directory of unfinished uploads, which belong to no message yet. */
const UNFINISHED_NAME = 'unfinished';
/** The file with the id of the store that the files belong to. */
export const OWNER_NAME = 'store-id';

/** An entry of a directory of message files that was not copied. */
export interface LeftOut {
  /** The path within the copied directory. */
  readonly path: string;
  /** Whether it has the name of a message file or of a directory of them; then the copy may be incomplete. */
  readonly isWanted: boolean;
}

interface Copying {
  readonly from: string;
  readonly to: string;
  /**
   * How to treat a directory that is a symbolic link. `follow` for the server's own directories, which may be on
   * another disk. `leave` for those of a backup, because a link in an untrusted backup would expose its target.
   */
  readonly links: 'follow' | 'leave';
}

/**
 * Copies message files from one directory to another and syncs them. Copies only what a server writes and reads:
 * regular files with a valid name in the matching directory. Skips a file that disappears during the copy.
 *
 * @returns what was left out
 */
export async function copyFiles({ from, to, links }: Copying): Promise<readonly LeftOut[]> {
  await mkdir(to, { recursive: true, mode: OWNER_ONLY });
  await chmod(to, OWNER_ONLY);
  const isThere = existsSync(from);
  // A dangling link means an unmounted disk. Without a link, no file was ever sent.
  const leftOut: LeftOut[] = isThere || !(await isLink(from)) ? [] : [{ path: basename(from), isWanted: true }];
  for (const subdirectory of isThere ? await readdir(from) : []) {
    if (subdirectory === UNFINISHED_NAME || subdirectory === OWNER_NAME) continue;
    const isSubdirectory = SUBDIRECTORY.test(subdirectory);
    if (isSubdirectory && (await isDirectory(join(from, subdirectory), links))) {
      leftOut.push(
        ...(await copySubdirectory(subdirectory, { from: join(from, subdirectory), to: join(to, subdirectory) })),
      );
    } else leftOut.push({ path: subdirectory, isWanted: isSubdirectory });
  }
  await syncDirectory(to);
  return leftOut;
}

async function copySubdirectory(
  subdirectory: string,
  { from, to }: Omit<Copying, 'links'>,
): Promise<readonly LeftOut[]> {
  await mkdir(to, { recursive: true, mode: OWNER_ONLY });
  const leftOut: LeftOut[] = [];
  for (const name of await readdir(from)) {
    const isWanted = isFileName(name) && name.startsWith(subdirectory);
    try {
      if (isWanted && (await lstat(join(from, name))).isFile()) await copyOne(join(from, name), join(to, name));
      else leftOut.push({ path: join(subdirectory, name), isWanted });
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

/** Returns whether a path is a directory. Returns `false` for a dangling link. */
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

const SHOWN_MAX = 20;

/**
 * Describes skipped entries, those that the copy may lack first; empty if there are none. Names may come from an
 * untrusted disk, so control characters are removed.
 */
export function describeLeftOut(leftOut: readonly LeftOut[]): string {
  const wanted = leftOut.filter(({ isWanted }) => isWanted);
  const strange = leftOut.filter(({ isWanted }) => !isWanted);
  return (
    listOf(
      'Not copied, because these are not regular files or directories; files of messages may be missing:',
      wanted,
    ) + listOf('Not copied, because these are not files of messages:', strange)
  );
}

function listOf(reason: string, leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return '';
  const shown = leftOut.slice(0, SHOWN_MAX).map(({ path }) => `\n  ${path.replace(/\p{C}/gu, '?')}`);
  const more = leftOut.length > SHOWN_MAX ? `\n  and ${leftOut.length - SHOWN_MAX} more` : '';
  return `\n${reason}${shown.join('')}${more}`;
}

/** Writes the entries of a directory to disk, so that new and renamed files in it survive a power cut. */
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
