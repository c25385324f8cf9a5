import { createReadStream } from 'node:fs';

/**
 * Streams a file. Opens it when the first bytes are requested, so that it does not stay open if none are, as on a full
 * disk.
 */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}
