import { randomUUID } from 'node:crypto';
import { opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileName } from '@everywire/chat';

/** Files of an unfinished upload: its bytes, and the description that the protocol's library writes. */
const endings = ['', '.json'] as const;
/** Matches the names of all files in the directory of uploads, including re-encoded pictures. */
const ownPattern = /^[0-9a-f]{32}(?:\.json|(?:\.[0-9a-f-]{36})?\.cleaned)?$/;

/**
 * Returns a new path, next to the upload at `path`, for a re-encoded picture until it is stored. Unique, because two
 * servers may finish one upload.
 */
export function newCleanedPath(path: string): string {
  return `${path}.${randomUUID()}.cleaned`;
}

/** Removes all files of an upload from the directory; no-op if there are none. */
export async function removeUpload(directory: string, id: FileName): Promise<void> {
  for (const ending of endings) await rm(join(directory, id + ending), { force: true });
}

/**
 * Removes files of uploads last written before `before` (milliseconds since the epoch), which a crash left behind.
 * Files with other names are kept.
 */
export async function removeOldUploads(directory: string, before: number): Promise<void> {
  for await (const { name } of await opendir(directory)) {
    if (!ownPattern.test(name)) continue;
    const path = join(directory, name);
    // The upload may have been finished and removed meanwhile.
    const written = await stat(path).catch(() => null);
    if (written !== null && written.mtimeMs < before) await rm(path, { force: true });
  }
}
