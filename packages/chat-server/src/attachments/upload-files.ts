import { randomUUID } from 'node:crypto';
import { opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileName } from '@everywire/chat';

/** What an upload has on the disk while it is under way: its bytes, and their description by the library of the protocol. */
const endings = ['', '.json'] as const;
const ownPattern = /^[0-9a-f]{32}(?:\.json|(?:\.[0-9a-f-]{36})?\.cleaned)?$/;

/** Where a picture that is written anew lies until it is kept, next to the upload at `path`. Another each time: two servers may be asked to finish one upload. */
export function newCleanedPath(path: string): string {
  return `${path}.${randomUUID()}.cleaned`;
}

/** Removes whatever an upload has in the directory; no-op where it has nothing. */
export async function removeUpload(directory: string, id: FileName): Promise<void> {
  for (const ending of endings) await rm(join(directory, id + ending), { force: true });
}

/**
 * Removes what was last written before `before` (milliseconds since the epoch): what a crash left of an upload, whole or in part. What has another name
 * than an upload stays.
 */
export async function removeOldUploads(directory: string, before: number): Promise<void> {
  for await (const { name } of await opendir(directory)) {
    if (!ownPattern.test(name)) continue;
    const path = join(directory, name);
    // It may be gone meanwhile, by its finish.
    const written = await stat(path).catch(() => null);
    if (written !== null && written.mtimeMs < before) await rm(path, { force: true });
  }
}
