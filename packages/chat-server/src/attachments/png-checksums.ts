import { crc32 } from 'node:zlib';
import type { WindowedFile } from './windowed-file.js';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Bytes read at a time to compute a checksum. */
const READ_BYTES = 1 << 20;
/** Maximum chunks of one file. Enough for half a gigabyte in chunks of 8 KiB, the length that most programs write. */
const CHUNKS_MAX = 1 << 16;
/** Kinds of chunks that hold metadata uncompressed, so that it can be blanked in place. */
const metadataKinds: readonly string[] = ['eXIf', 'iTXt', 'tEXt'];

/** Recomputes the checksums of a PNG whose EXIF and texts were changed in place. No-op for any other file. */
export function mendPngChecksums(file: WindowedFile): void {
  if (!file.peek(0, signature.length).equals(signature)) return;
  let at = signature.length;
  for (let chunks = 0; chunks < CHUNKS_MAX; chunks += 1) {
    const head = file.peek(at, 8);
    if (head.length < 8) return;
    const [length, kind] = [head.readUInt32BE(0), head.toString('latin1', 4)];
    // A chunk has a length, a kind, content and a checksum; the checksum covers kind and content.
    const end = at + 8 + length;
    if (end + 4 > file.size) return;
    if (metadataKinds.includes(kind)) updateChecksum(file, at + 4, end);
    at = end + 4;
  }
}

/**
 * Recomputes and writes the checksum of a chunk. The checksum covers the bytes from `from` (the start of the kind) to
 * `end`, and is stored at `end`.
 */
export function updateChecksum(file: WindowedFile, from: number, end: number): void {
  const bytes = Buffer.alloc(Math.min(READ_BYTES, end - from));
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
