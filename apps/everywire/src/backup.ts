import { existsSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  checkRestoreTarget,
  checkSqliteStore,
  copyDamagedSqliteStore,
  copySqliteStore,
  describeDamage,
  describeGivenUp,
  restoreSqliteStore,
} from '@everywire/store-sqlite';
import { damagedExitCode, damageReport } from './check.js';
import { copyFiles, describeLeftOut, type LeftOut, ownerOnly, syncDirectory } from './copy-files.js';
import { processConfig } from './process-config.js';
import { startErrorLine } from './start-error.js';

const storeName = 'everywire.sqlite';
const filesName = 'files';

/** What cannot be done and why, for whoever typed the command: one line, or a list of what is damaged. */
class CommandError extends Error {}

interface Done {
  readonly text: string;
  readonly exitCode: number;
}

/** Exit code where the store was copied, and files of messages may be missing. */
const incompleteExitCode = 4;

function exitCodeOf(leftOut: readonly LeftOut[]): number {
  return leftOut.some(({ isWanted }) => isWanted) ? incompleteExitCode : 0;
}

/**
 * Runs `everywire backup DIRECTORY`; a server may be running meanwhile. The store is checked for damage first: of a damaged one, what can be read is
 * copied, and what is damaged is named. Then the store is copied as it stands at one moment, and after it the files, which are never overwritten; a file that
 * disappears meanwhile belonged to a message that was recalled. The directory gets its name only once everything in it is on disk.
 */
async function backUp(data: string, target: string): Promise<Done> {
  const file = join(data, storeName);
  if (!existsSync(file)) throw new CommandError(`There is no store at ${file}. EVERYWIRE_DATA says where it is.`);
  if (existsSync(target)) throw new CommandError(`${target} is there already. A backup never replaces anything.`);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: ownerOnly });
  const damage = checkSqliteStore({ file }).map(describeDamage);
  const givenUp = copyStore({ file, backup: join(unfinished, storeName) }, damage.length > 0);
  const leftOut = await copyFiles({ from: join(data, filesName), to: join(unfinished, filesName), links: 'follow' });
  await rename(unfinished, target);
  await syncDirectory(dirname(target));
  const left = describeLeftOut(leftOut);
  if (damage.length === 0) return { text: `Backed up to ${target}${left}`, exitCode: exitCodeOf(leftOut) };
  const text = `Backed up what can be read to ${target}. Keep the last backup of a sound store.`;
  const lacks = givenUp.map((line) => `\nThe copy lacks ${line}.`).join('');
  return { text: `${damageReport(file, damage)}${text}${lacks}${left}`, exitCode: damagedExitCode };
}

/** Copies the store. Returns what the copy lacks besides messages, one line for each. */
function copyStore(paths: { readonly file: string; readonly backup: string }, isDamaged: boolean): readonly string[] {
  if (isDamaged) return describeGivenUp(copyDamagedSqliteStore(paths));
  copySqliteStore(paths);
  return [];
}

/**
 * Runs `everywire restore DIRECTORY`: copies a backup into `EVERYWIRE_DATA`, which may not hold a store yet. The store is copied last, so that a restore that
 * was interrupted can be repeated. Tokens, links and other sign-ins without a password are revoked unless `keepSignIns` is true.
 */
async function restore(data: string, source: string, keepSignIns: boolean): Promise<Done> {
  const file = join(data, storeName);
  const backup = join(source, storeName);
  if (!existsSync(backup)) throw new CommandError(`There is no backup at ${source}: ${backup} is missing.`);
  checkRestoreTarget(file);
  await checkKind(backup, 'regular file');
  await checkKind(join(source, filesName), 'directory');
  await mkdir(data, { recursive: true, mode: ownerOnly });
  const leftOut = await copyFiles({ from: join(source, filesName), to: join(data, filesName), links: 'leave' });
  restoreSqliteStore({ backup, file, keepSignIns });
  const damage = checkSqliteStore({ file }).map(describeDamage);
  const signIns = keepSignIns
    ? 'Sign-ins, links and recovery codes of the backup work again, also those that were revoked since.'
    : 'Everybody signs in again with their password; links and recovery codes have ended.';
  const text = `Restored ${source} to ${data}. ${signIns}${describeLeftOut(leftOut)}`;
  if (damage.length === 0) return { text, exitCode: exitCodeOf(leftOut) };
  return {
    text: `${damageReport(file, damage)}${text}\nIt is as damaged as the backup is.`,
    exitCode: damagedExitCode,
  };
}

/** A backup command makes nothing else: a link could point at what the backup's author may not read, and reading a named pipe never ends. */
async function checkKind(path: string, kind: 'regular file' | 'directory'): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (found.isSymbolicLink()) throw new CommandError(`${path} is a symbolic link, so it was not restored.`);
  if (kind === 'directory' ? !found.isDirectory() : !found.isFile())
    throw new CommandError(`${path} is not a ${kind}, so it was not restored.`);
}

export function runBackupCommand(directory: string): Promise<number> {
  return runCommand((data) => backUp(data, resolve(directory)));
}

export function runRestoreCommand(
  directory: string,
  { keepSignIns }: { readonly keepSignIns: boolean },
): Promise<number> {
  return runCommand((data) => restore(data, resolve(directory), keepSignIns));
}

/** Says what came of it. Answers the exit code: 0, 1 where nothing came of it, 3 where the store is damaged, 4 where files may be missing. */
async function runCommand(run: (data: string) => Promise<Done>): Promise<number> {
  try {
    const done = await run(resolve(processConfig().EVERYWIRE_DATA));
    (done.exitCode === 0 ? process.stdout : process.stderr).write(`${done.text}\n`);
    return done.exitCode;
  } catch (error) {
    const line = error instanceof CommandError ? error.message : startErrorLine(error, { port: 0, host: '' });
    process.stderr.write(`${line ?? String(error)}\n`);
    return 1;
  }
}
