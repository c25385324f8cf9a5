import { createReadStream } from 'node:fs';

/** Opens the file when its first bytes are asked for: where nobody asks, as on a full disk, nothing stays open. */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}
