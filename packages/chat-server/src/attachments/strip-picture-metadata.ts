import { truncateSync } from 'node:fs';
import type { AttachmentLimits } from './attachment-limits.js';
import { type MetadataChunk, type PictureKind, remarksOf } from './picture-remarks.js';
import { updateChecksum } from './png-checksums.js';
import { WindowedFile } from './windowed-file.js';

/** Maximum bytes of one comment in a GIF. No real picture has a longer one. */
const GIF_REMARK_BYTES_MAX = 16 << 20;

/**
 * Removes everything but pixels and colours from a JPEG, PNG, GIF or WebP in place, along with the bytes after its end:
 * comments, texts, and private data of cameras and editors that picture libraries do not read.
 *
 * Returns false and leaves the file unchanged if it is of another type, cannot be parsed to its end, or has more than
 * `pictureRemarksMax` remarks.
 */
export function stripPictureMetadata(
  path: string,
  { pictureRemarksMax }: Pick<AttachmentLimits, 'pictureRemarksMax'>,
): boolean {
  const end = WindowedFile.use(path, pictureRemarksMax, (file) => {
    const found = remarksOf(file);
    if (found === null) return null;
    const planned = planAll(file, found.kind, found.remarks);
    if (planned === null) return null;
    file.commit();
    if (found.kind === 'png') for (const { at, length } of planned.remarks) updateChecksum(file, at - 4, at + length);
    file.sync();
    return planned.end;
  });
  if (end !== null) truncateSync(path, end);
  return end !== null;
}

/** Plans the removal of all remarks. Returns them and the end of the picture; `null` if that is impossible. */
function planAll(
  file: WindowedFile,
  kind: PictureKind,
  walk: Generator<MetadataChunk, number | null>,
): { readonly remarks: readonly MetadataChunk[]; readonly end: number } | null {
  const remarks: MetadataChunk[] = [];
  for (let step = walk.next(); ; step = walk.next()) {
    if (step.done) return step.value === null ? null : { remarks, end: step.value };
    remarks.push(step.value);
    const isPlanned = kind === 'gif' ? replaceInGif(file, step.value) : file.blank(step.value.at, step.value.length);
    if (!isPlanned) return null;
  }
}

/**
 * Replaces a range of remarks in a GIF by one comment of spaces with the same length. The bytes cannot simply be blanked,
 * because the lengths of blocks lie between the texts. Returns false if the range is too short or too long.
 */
function replaceInGif(file: WindowedFile, { at, length }: MetadataChunk): boolean {
  if (length < 5 || length > GIF_REMARK_BYTES_MAX) return false;
  const bytes = Buffer.alloc(length, ' ');
  // The two bytes that start a comment. Blocks of up to 255 bytes follow, each after its length, and a 0 at the end.
  bytes.set([0x21, 0xfe]);
  const end = length - 1;
  for (let block = 2; block < end; ) {
    const left = end - block - 1;
    // A block of 255 of 256 bytes would leave room only for the length of the next block, so it is made one byte shorter.
    const size = left <= 255 ? left : left === 256 ? 254 : 255;
    bytes[block] = size;
    block += 1 + size;
  }
  bytes[end] = 0;
  return file.patch(at, bytes);
}
