import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteRange, checkFileName, type FileName, type Files } from '@everywire/chat';
import { asFilesError, errorCode } from './files-failure.js';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** The directory of files that are being written. */
const UNFINISHED_NAME = 'unfinished';
/** The file with the id of the store that the files belong to. */
const OWNER_NAME = 'store-id';
/** The age after which `open` removes an unfinished file, which a crash left. A younger one may belong to another process. */
const UNFINISHED_AGE_MS = 24 * 60 * 60 * 1_000;

/**
 * Stores `Files` in a directory that only its owner can read. The path of a file is `ab/ab12…`, where `ab` are the first two digits
 * of its name, so that each of 256 subdirectories holds a small part of the files. `put` writes and syncs the bytes under another
 * name, renames the file and syncs the directory, so that a file is either complete or missing. Several processes may use the same
 * directory.
 */
export class DirectoryFiles implements Files {
  readonly #directory: string;
  #closed = false;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Opens the directory and creates it if it is missing. Rejects with `FilesError` if it cannot be used. */
  static async open(directory: string): Promise<DirectoryFiles> {
    try {
      const unfinished = join(directory, UNFINISHED_NAME);
      await mkdir(unfinished, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
      await removeOld(unfinished);
    } catch (error) {
      throw asFilesError(error);
    }
    return new DirectoryFiles(directory);
  }

  /** Lets the next store claim the files of a directory, which need not exist. */
  static async disown(directory: string): Promise<void> {
    await rm(join(directory, OWNER_NAME), { force: true });
  }

  async put(name: FileName, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const target = this.#pathOf(name);
    const unfinished = join(this.#directory, UNFINISHED_NAME, `${name}.${randomUUID()}`);
    try {
      const size = await writeWhole(unfinished, bytes);
      await this.#makeSubdirectory(name);
      await rename(unfinished, target);
      await syncDirectory(this.#subdirectoryOf(name));
      return size;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error instanceof SourceFailure ? error.cause : asFilesError(error);
    }
  }

  async size(name: FileName): Promise<number | null> {
    try {
      const found = await lstat(this.#pathOf(name));
      // Ignores symbolic links. A link in an untrusted backup could point to any file of this machine.
      return found.isFile() ? found.size : null;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error instanceof RangeError ? error : asFilesError(error);
    }
  }

  async read(name: FileName, range: ByteRange | null): Promise<AsyncIterable<Uint8Array> | null> {
    const size = await this.size(name);
    if (size === null || (range !== null && range.first >= size)) return null;
    const path = this.#pathOf(name);
    return createReadStream(path, range === null ? {} : { start: range.first, end: Math.min(range.last, size - 1) });
  }

  async remove(names: readonly FileName[]): Promise<void> {
    const paths = names.map((name) => this.#pathOf(name));
    try {
      for (const path of paths) await rm(path, { force: true });
    } catch (error) {
      throw asFilesError(error);
    }
  }

  async names(after: FileName | null, limit: number): Promise<readonly FileName[]> {
    this.#checkOpen();
    const found: FileName[] = [];
    const subdirectories = (await readdir(this.#directory))
      .filter((subdirectory) => /^[0-9a-f]{2}$/.test(subdirectory))
      .sort();
    for (const subdirectory of subdirectories) {
      if (after !== null && subdirectory < after.slice(0, 2)) continue;
      if (found.length >= limit) break;
      const names = (await readdir(join(this.#directory, subdirectory))).sort();
      found.push(...names.filter((name) => after === null || name > after));
    }
    return found.slice(0, limit);
  }

  async owner(): Promise<string | null> {
    this.#checkOpen();
    try {
      const [first = ''] = (await readFile(join(this.#directory, OWNER_NAME), 'utf8')).split('\n');
      return first === '' ? null : first;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw asFilesError(error);
    }
  }

  async claim(store: string): Promise<string> {
    const recorded = await this.owner();
    if (recorded !== null) return recorded;
    try {
      // `a`: of two processes that claim at the same time, the one that writes first is read by both.
      const handle = await open(join(this.#directory, OWNER_NAME), 'a', OWNER_ONLY_FILE);
      await handle.write(`${store}\n`);
      await handle.sync();
      await handle.close();
      await syncDirectory(this.#directory);
    } catch (error) {
      throw asFilesError(error);
    }
    return (await this.owner()) ?? store;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #checkOpen(): void {
    if (this.#closed) throw asFilesError(new Error('The directory was closed.'));
  }

  #subdirectoryOf(name: FileName): string {
    return join(this.#directory, name.slice(0, 2));
  }

  #pathOf(name: FileName): string {
    this.#checkOpen();
    return join(this.#subdirectoryOf(checkFileName(name)), name);
  }

  /** Creates the subdirectory of a file and syncs its parent. A no-op if it exists. */
  async #makeSubdirectory(name: FileName): Promise<void> {
    const created = await mkdir(this.#subdirectoryOf(name), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    if (created !== undefined) await syncDirectory(this.#directory);
  }
}

async function removeOld(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    // Another process may remove the file meanwhile. Its age is then NaN, which is never too old.
    const mtimeMs = await lstat(path).then(
      (found) => found.mtimeMs,
      () => Number.NaN,
    );
    if (Date.now() - mtimeMs > UNFINISHED_AGE_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Wraps an error of the caller's byte source, to distinguish it from an error of the disk. */
class SourceFailure extends Error {}

async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await open(path, 'wx', OWNER_ONLY_FILE);
  try {
    const size = await writeAll(handle, bytes);
    await handle.sync();
    return size;
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  const source = bytes[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await source.next().catch((cause: unknown) => {
        throw new SourceFailure('The bytes could not be read.', { cause });
      });
      if (next.done === true) return size;
      await writeChunk(handle, next.value);
      size += next.value.byteLength;
    }
  } finally {
    await source.return?.();
  }
}

/** Writes all bytes. A single `write` may write fewer than it is given, for example if the disk is nearly full. */
async function writeChunk(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let from = 0; from < chunk.byteLength; ) {
    from += (await handle.write(chunk, from)).bytesWritten;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
