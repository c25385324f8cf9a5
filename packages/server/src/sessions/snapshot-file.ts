import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';

/** The functions of `node:fs` that this file uses. Tests replace them to interrupt each call. */
export type Disk = Pick<
  typeof fs,
  | ('openSync' | 'fstatSync' | 'writeFileSync' | 'fsyncSync' | 'closeSync')
  | ('renameSync' | 'readdirSync' | 'readFileSync' | 'unlinkSync')
>;

const FORMAT = 'everywire-sessions-1';

/** The first line of the file. It identifies the file and states how many sessions follow. */
interface Head {
  readonly format: string;
  /** Identity of the file. A copy, or a file from a backup, has another identity. */
  readonly device: string;
  readonly inode: string;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  readonly sessions: number;
}

/** Why saved sessions are refused. */
export type SnapshotFileFault = 'copied' | 'damaged' | 'other_version';

/** The sessions that an ended process saved. */
export interface FrozenSessions {
  readonly sessions: readonly string[];
  /** Milliseconds since they were saved. */
  readonly awayMs: number;
}

/** Result of `takeSessions`. */
export type TakenSessions = FrozenSessions | { readonly fault: SnapshotFileFault };

/**
 * Writes the result of `wire.freeze` to a file for the next process. The file is complete or absent, even after a power
 * cut, and only this user may read it. Replaces an existing file.
 *
 * @param now milliseconds since the epoch
 * @throws if the disk fails; no file exists then
 */
export function saveSessions(path: string, sessions: readonly string[], now: number = Date.now(), on: Disk = fs): void {
  const draft = `${path}.draft`;
  remove(draft, on);
  const file = on.openSync(draft, 'wx', 0o600);
  let written = draft;
  try {
    writeSessions(file, { sessions, now }, on);
    on.renameSync(draft, path);
    written = path;
    syncFolder(path, on);
  } catch (error) {
    // The file has the secrets of the sessions, and the next process must not continue sessions that ended here.
    removeFailed(written, on);
    throw error;
  }
}

/** Writes, flushes and closes the file. */
function writeSessions(
  file: number,
  { sessions, now }: { readonly sessions: readonly string[]; readonly now: number },
  on: Disk,
): void {
  try {
    const head: Head = { format: FORMAT, ...identityOf(file, on), savedAt: now, sessions: sessions.length };
    on.writeFileSync(file, `${JSON.stringify(head)}\n`);
    for (const session of sessions) on.writeFileSync(file, `${session}\n`);
    on.fsyncSync(file);
  } finally {
    on.closeSync(file);
  }
}

/**
 * Reads the sessions that another process saved, and removes the file first, so that no other process gets them, even
 * after a power cut.
 *
 * @returns `null` if there is no file; a fault if it was copied, is incomplete or from another release: its sessions
 * are lost
 * @throws if the file cannot be read or removed
 */
export function takeSessions(path: string, now: number = Date.now(), on: Disk = fs): TakenSessions | null {
  remove(`${path}.draft`, on);
  if (!on.readdirSync(dirname(path)).includes(basename(path))) return null;
  const file = on.openSync(path, 'r');
  let lines: readonly string[];
  let identity: Pick<Head, 'device' | 'inode'>;
  try {
    identity = identityOf(file, on);
    lines = linesOf(on.readFileSync(file));
  } finally {
    on.closeSync(file);
  }
  on.unlinkSync(path);
  syncFolder(path, on);
  return read(lines, identity, now);
}

/**
 * Splits bytes into lines. Decodes them line by line, because the whole text may exceed the maximum length of a string.
 */
function linesOf(bytes: Buffer): readonly string[] {
  const lines: string[] = [];
  let from = 0;
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', from)) {
    lines.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return lines;
}

function read(lines: readonly string[], { device, inode }: Pick<Head, 'device' | 'inode'>, now: number): TakenSessions {
  const [first = '', ...sessions] = lines;
  const head = headIn(first);
  if (head === null) return { fault: 'damaged' };
  if (head.format !== FORMAT) return { fault: 'other_version' };
  if (head.device !== device || head.inode !== inode) return { fault: 'copied' };
  if (sessions.length !== head.sessions) return { fault: 'damaged' };
  return { sessions, awayMs: Math.max(0, now - head.savedAt) };
}

function headIn(line: string): Head | null {
  try {
    const head = JSON.parse(line) as Head;
    return typeof head?.format === 'string' ? head : null;
  } catch {
    return null;
  }
}

function identityOf(file: number, on: Disk): Pick<Head, 'device' | 'inode'> {
  const { dev, ino } = on.fstatSync(file, { bigint: true });
  return { device: String(dev), inode: String(ino) };
}

function remove(path: string, on: Disk): void {
  if (on.readdirSync(dirname(path)).includes(basename(path))) on.unlinkSync(path);
}

/** Removes a file that could not be saved. If the disk refuses that too, the next start removes the file. */
function removeFailed(path: string, on: Disk): void {
  try {
    on.unlinkSync(path);
  } catch {
    // The caller reports the first failure.
  }
}

/** Flushes the folder to the disk. Only this makes the name of a new file survive a power cut. */
function syncFolder(path: string, on: Disk): void {
  const folder = on.openSync(dirname(path), 'r');
  try {
    on.fsyncSync(folder);
  } finally {
    on.closeSync(folder);
  }
}
