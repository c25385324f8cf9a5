import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { copySqliteStore, restoreSqliteStore } from '@everywire/store-sqlite';
import { readConfig } from './read-config.js';
import { startErrorLine } from './start-error.js';

const storeName = 'everywire.sqlite';
const filesName = 'files';
const ownerOnly = 0o700;

/** What cannot be done and why, in one line for whoever typed the command. */
class CommandError extends Error {}

/**
 * `everywire backup DIRECTORY`, beside a server that runs or not: one moment of the store, then the files, which never change under a name. A file that
 * is taken out meanwhile is one that its message was recalled with. The directory has its name only when all is there and durable.
 */
async function backUp(data: string, target: string): Promise<string> {
  const file = join(data, storeName);
  if (!existsSync(file)) throw new CommandError(`There is no store at ${file}. EVERYWIRE_DATA says where it is.`);
  if (existsSync(target)) throw new CommandError(`${target} is there already. A backup never replaces anything.`);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: ownerOnly });
  copySqliteStore({ file, backup: join(unfinished, storeName) });
  await copyFiles(join(data, filesName), join(unfinished, filesName));
  await rename(unfinished, target);
  await syncDirectory(dirname(target));
  return `Backed up to ${target}`;
}

/** `everywire restore DIRECTORY`, into `EVERYWIRE_DATA`, where no store may be. The store comes last: until then a server would start anew. */
async function restore(data: string, source: string): Promise<string> {
  const file = join(data, storeName);
  const backup = join(source, storeName);
  if (!existsSync(backup)) throw new CommandError(`There is no backup at ${source}: ${backup} is missing.`);
  if (existsSync(file)) throw new CommandError(`There is a store at ${file}. Move ${data} away before you restore.`);
  await mkdir(data, { recursive: true, mode: ownerOnly });
  await copyFiles(join(source, filesName), join(data, filesName));
  restoreSqliteStore({ backup, file });
  return `Restored ${source} to ${data}`;
}

async function copyFiles(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: ownerOnly });
  await chmod(to, ownerOnly);
  for (const shelf of existsSync(from) ? await readdir(from) : []) {
    // What is still coming in belongs to no message yet.
    if (shelf !== 'unfinished') await copyShelf(join(from, shelf), join(to, shelf));
  }
  await syncDirectory(to);
}

async function copyShelf(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: ownerOnly });
  for (const name of await readdir(from)) {
    try {
      await cp(join(from, name), join(to, name));
      await syncPath(join(to, name), 'r+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  await syncDirectory(to);
}

function syncDirectory(path: string): Promise<void> {
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

/** Runs one of the two and says in a line what came of it. Answers the exit code. */
export async function runBackupCommand(name: 'backup' | 'restore', directory: string): Promise<number> {
  try {
    const data = resolve(readConfig(process.env).EVERYWIRE_DATA);
    const done = await (name === 'backup' ? backUp : restore)(data, resolve(directory));
    process.stdout.write(`${done}\n`);
    return 0;
  } catch (error) {
    const line = error instanceof CommandError ? error.message : startErrorLine(error, { port: 0, host: '' });
    process.stderr.write(`${line ?? String(error)}\n`);
    return 1;
  }
}
