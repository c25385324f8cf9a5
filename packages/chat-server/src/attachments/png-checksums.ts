import { crc32 } from 'node:zlib';
import type { WindowedFile } from './windowed-file.js';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const readBytes = 1 << 20;
/** Half a gigabyte in the 8 KiB that most programs write at once. */
const chunksMax = 1 << 16;
/** Where what is said about a picture stands, in plain bytes. */
const said: readonly string[] = ['eXIf', 'iTXt', 'tEXt'];

/** A PNG whose EXIF and texts were changed where they stand has their checksums made anew. Any other file is left as it is. */
export function mendPngChecksums(file: WindowedFile): void {
  if (!file.peek(0, signature.length).equals(signature)) return;
  let at = signature.length;
  for (let chunks = 0; chunks < chunksMax; chunks += 1) {
    const head = file.peek(at, 8);
    if (head.length < 8) return;
    const [length, kind] = [head.readUInt32BE(0), head.toString('latin1', 4)];
    // Of its length, its kind, what is in it and the checksum, the middle two are what is summed.
    const end = at + 8 + length;
    if (end + 4 > file.size) return;
    if (said.includes(kind)) mendChecksum(file, at + 4, end);
    at = end + 4;
  }
}

/** Makes the checksum of a chunk anew: of the bytes from its kind, at `from`, to `end`, where it stands. */
export function mendChecksum(file: WindowedFile, from: number, end: number): void {
  const bytes = Buffer.alloc(Math.min(readBytes, end - from));
  let sum = 0;
  for (let at = from; at < end; ) {
    const read = file.read(bytes.subarray(0, Math.min(bytes.length, end - at)), at);
    if (read === 0) return;
    sum = crc32(bytes.subarray(0, read), sum);
    at += read;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(sum);
  file.patch(end, checksum);
  file.commit();
}
