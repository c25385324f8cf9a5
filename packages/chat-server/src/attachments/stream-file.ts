import { createReadStream } from 'node:fs';

/**
 * Streams a file. The file is opened only when the first chunk is requested. If the consumer fails before that (for
 * example because its disk is full), no descriptor is left open.
 */
export async function* streamFile(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}
