import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteRange, checkFileName, type FileName, type Files } from '@everywire/chat';
import { asFilesError, errorCode } from './files-failure.js';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** Bytes being put lie here until they are whole; what a crash left is removed at a start a day later: until then it may be another process's. */
const UNFINISHED_NAME = 'unfinished';
const LEFT_FOR_MS = 24 * 60 * 60 * 1_000;

/**
 * `Files` in a directory of the owner's alone: `ab/ab12…` by the first two digits of the name, so that no directory has more than
 * a 256th of them. Bytes are written and synced under another name and renamed, and the directory is synced. Several processes may have it open.
 */
export class DirectoryFiles implements Files {
  readonly #directory: string;
  #closed = false;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the directory where it is not there. Rejects with `FilesError` where it cannot be used. */
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
      // A link that somebody put there, as in a backup of a stranger, would open any file of the machine.
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

  async #makeSubdirectory(name: FileName): Promise<void> {
    const made = await mkdir(this.#subdirectoryOf(name), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    if (made !== undefined) await syncDirectory(this.#directory);
  }
}

async function removeOld(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    // Another process may remove it meanwhile.
    const mtimeMs = await lstat(path).then(
      (found) => found.mtimeMs,
      () => Number.NaN,
    );
    if (Date.now() - mtimeMs > LEFT_FOR_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Tells a throw of the caller's bytes from one of the disk. */
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

/** `write` may take less than it is given: at a full disk, what was left room for. */
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
