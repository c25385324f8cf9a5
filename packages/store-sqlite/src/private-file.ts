import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const OTHERS = 0o077;

/**
 * Ensures that `file` exists and only its owner can read or write it, because it contains all messages. SQLite gives
 * its side files (`-wal`, `-shm`) the same permissions. Directories created for it are private as well; an existing one
 * is not changed, because it may contain other files.
 */
export function createPrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  closeSync(openSync(file, 'a', OWNER_ONLY_FILE));
  if ((statSync(file).mode & OTHERS) !== 0) chmodSync(file, OWNER_ONLY_FILE);
}

/** Resolves all symbolic links, so that a store has one name. The file must exist. */
export function resolveStorePath(file: string): string {
  return realpathSync(file);
}

/** Syncs a file, so that its content survives a power cut. */
export function syncFile(file: string): void {
  sync(file, 'r+');
}

/** Syncs a directory, so that a new name survives a power cut. */
export function syncDirectory(directory: string): void {
  sync(directory, 'r');
}

function sync(path: string, flags: string): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
