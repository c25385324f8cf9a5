import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const readBytes = 1 << 20;
/** Half a gigabyte in the 8 KiB that most programs write at once. */
const chunksMax = 1 << 16;
/** Where what is said about a picture stands, in plain bytes. */
const said: readonly string[] = ['eXIf', 'iTXt', 'tEXt'];

/** A PNG whose EXIF and texts were changed where they stand has their checksums made anew. Any other file is left as it is. */
export async function mendPngChecksums(handle: FileHandle, size: number): Promise<void> {
  const head = Buffer.alloc(8);
  const readHead = async (at: number): Promise<boolean> => (await handle.read(head, 0, 8, at)).bytesRead === 8;
  if (!(await readHead(0)) || !head.equals(signature)) return;
  let at = signature.length;
  for (let chunks = 0; chunks < chunksMax && (await readHead(at)); chunks += 1) {
    const [length, kind] = [head.readUInt32BE(0), head.toString('latin1', 4)];
    // Of its length, its kind, what is in it and the checksum, the middle two are what is summed.
    const end = at + 8 + length;
    if (end + 4 > size) return;
    if (said.includes(kind)) await mend(handle, at + 4, end);
    at = end + 4;
  }
}

async function mend(handle: FileHandle, from: number, end: number): Promise<void> {
  const bytes = Buffer.alloc(Math.min(readBytes, end - from));
  let sum = 0;
  for (let at = from; at < end; ) {
    const { bytesRead } = await handle.read(bytes, 0, Math.min(bytes.length, end - at), at);
    if (bytesRead === 0) return;
    sum = crc32(bytes.subarray(0, bytesRead), sum);
    at += bytesRead;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(sum);
  await handle.write(checksum, 0, 4, end);
}
