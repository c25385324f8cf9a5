import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const OTHERS = 0o077;

/**
 * Makes sure that `file` exists and only its owner may read or write it. Everything people said is in there, and SQLite
 * gives its side files (`-wal`, `-shm`) the same permissions. A directory made on the way is the owner's alone as well;
 * one that exists is left as it is, because it may hold other things.
 */
export function createPrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  closeSync(openSync(file, 'a', OWNER_ONLY_FILE));
  if ((statSync(file).mode & OTHERS) !== 0) chmodSync(file, OWNER_ONLY_FILE);
}

/** The path with every symbolic link followed, so that one store has one name. The file must exist. */
export function resolveStorePath(file: string): string {
  return realpathSync(file);
}

/** Makes what was written to a file survive a power cut. */
export function syncFile(file: string): void {
  sync(file, 'r+');
}

/** Makes a new name in a directory survive a power cut. */
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
