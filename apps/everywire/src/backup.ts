import { existsSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DirectoryFiles } from '@everywire/files-directory';
import { filesDirectory } from './attachments.js';
import { type BackupStore, CommandError } from './backup-store.js';
import { DAMAGED_EXIT_CODE, damageReport } from './check.js';
import { copyFiles, describeLeftOut, type LeftOut, OWNER_NAME, OWNER_ONLY, syncDirectory } from './copy-files.js';
import { readConfig } from './read-config.js';
import type { Config } from './settings.js';
import { startErrorLine } from './start-error.js';

const FILES_NAME = 'files';

/** The flags of `everywire restore`. */
export interface RestoreFlags {
  readonly keepSignIns: boolean;
  readonly takeFiles: boolean;
}

interface Done {
  readonly text: string;
  readonly exitCode: number;
}

/** The exit code when the store was copied but message files may be missing. */
const INCOMPLETE_EXIT_CODE = 4;

function exitCodeOf(leftOut: readonly LeftOut[]): number {
  return leftOut.some(({ isWanted }) => isWanted) ? INCOMPLETE_EXIT_CODE : 0;
}

/** The store that the settings name, and the directory of message files. */
interface Place {
  readonly store: BackupStore;
  readonly data: string;
  readonly files: string;
}

/**
 * Runs `everywire backup DIRECTORY`; a server may be running. Copies a snapshot of the store, then the files, which are
 * never overwritten; a file that disappears in between belonged to a recalled message. The directory gets its final
 * name only once everything in it is on disk.
 */
async function backUp({ store, files }: Place, target: string): Promise<Done> {
  store.requireSource();
  if (existsSync(target)) throw new CommandError(`${target} already exists. Choose another directory.`);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: OWNER_ONLY });
  const { damage, lacks } = await store.copyTo(join(unfinished, store.fileName));
  const leftOut = await copyFiles({ from: files, to: join(unfinished, FILES_NAME), links: 'follow' });
  await rename(unfinished, target);
  await syncDirectory(dirname(target));
  const left = describeLeftOut(leftOut);
  if (damage.length === 0) return { text: `Backed up to ${target}${left}`, exitCode: exitCodeOf(leftOut) };
  const text = `Backed up everything readable to ${target}. Keep the last backup made before the damage.`;
  const lines = lacks.map((line) => `\nMissing from the copy: ${line}.`).join('');
  return { text: `${damageReport(store.name, damage)}${text}${lines}${left}`, exitCode: DAMAGED_EXIT_CODE };
}

/**
 * Runs `everywire restore DIRECTORY`: creates the store that the settings name from a backup; it must not exist yet.
 * The store is created last, so that an interrupted restore can be repeated. Tokens, links and other sign-ins without a
 * password are revoked unless `keepSignIns` is true. A directory of files that belongs to a store is refused unless
 * `takeFiles` is true: two stores would delete each other's files.
 */
async function restore(
  { store, data, files }: Place,
  source: string,
  { keepSignIns, takeFiles }: RestoreFlags,
): Promise<Done> {
  const backup = join(source, store.fileName);
  if (!existsSync(backup)) throw new CommandError(`No backup at ${source}: ${backup} is missing.`);
  await store.requireTarget();
  await checkKind(backup, 'regular file');
  await checkKind(join(source, FILES_NAME), 'directory');
  if (!takeFiles && existsSync(join(files, OWNER_NAME)))
    throw new CommandError(
      `The files in ${files} belong to a store. Set EVERYWIRE_FILES (or EVERYWIRE_DATA) to another directory, or, if this restore replaces that store, run it again with --take-files.`,
    );
  await DirectoryFiles.disown(files);
  await mkdir(data, { recursive: true, mode: OWNER_ONLY });
  const leftOut = await copyFiles({ from: join(source, FILES_NAME), to: files, links: 'leave' });
  const damage = await store.restoreFrom(backup, { keepSignIns });
  const signIns = keepSignIns
    ? 'Sign-ins, links and recovery codes in the backup work again, including those revoked since.'
    : 'Everyone must sign in again with their password. Links and recovery codes no longer work.';
  const text = `Restored ${source} to ${store.name}. ${signIns}${describeLeftOut(leftOut)}`;
  if (damage.length === 0) return { text, exitCode: exitCodeOf(leftOut) };
  return {
    text: `${damageReport(store.name, damage)}${text}\nIt has the same damage as the backup.`,
    exitCode: DAMAGED_EXIT_CODE,
  };
}

/**
 * Checks the kind of a path, because a link could point at data that the backup's author may not read, and reading a
 * named pipe never ends.
 */
async function checkKind(path: string, kind: 'regular file' | 'directory'): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (found.isSymbolicLink()) throw new CommandError(`${path} is a symbolic link, so it was not restored.`);
  if (kind === 'directory' ? !found.isDirectory() : !found.isFile())
    throw new CommandError(`${path} is not a ${kind}, so it was not restored.`);
}

/** Runs `everywire backup DIRECTORY`. Returns the exit code of `runCommand`. */
export function runBackupCommand(directory: string): Promise<number> {
  return runCommand((place) => backUp(place, resolve(directory)));
}

/** Runs `everywire restore DIRECTORY`. Returns the exit code of `runCommand`. */
export function runRestoreCommand(directory: string, flags: RestoreFlags): Promise<number> {
  return runCommand((place) => restore(place, resolve(directory), flags));
}

function directoriesOf(config: Config): Omit<Place, 'store'> {
  return { data: resolve(config.EVERYWIRE_DATA), files: filesDirectory(config) };
}

/** Loads only the kind of store that is configured. */
async function backupStoreOf(config: Config): Promise<BackupStore> {
  if (config.EVERYWIRE_POSTGRES === '') return (await import('./backup-sqlite.js')).createSqliteBackup(config);
  return (await import('./backup-postgres.js')).createPostgresBackup(config.EVERYWIRE_POSTGRES);
}

/**
 * Runs a command and prints its result. Returns the exit code: 0 for success, 1 for failure, 3 for a damaged store, 4
 * if files may be missing.
 */
async function runCommand(run: (place: Place) => Promise<Done>): Promise<number> {
  try {
    const config = readConfig(process.env);
    const done = await run({ store: await backupStoreOf(config), ...directoriesOf(config) });
    (done.exitCode === 0 ? process.stdout : process.stderr).write(`${done.text}\n`);
    return done.exitCode;
  } catch (error) {
    const line = error instanceof CommandError ? error.message : startErrorLine(error, { port: 0, host: '' });
    process.stderr.write(`${line ?? String(error)}\n`);
    return 1;
  }
}
