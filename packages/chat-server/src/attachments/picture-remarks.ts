import type { WindowedFile } from './windowed-file.js';

/** A remark: bytes of a picture that hold neither pixels nor colours, such as a comment. */
export interface MetadataChunk {
  readonly at: number;
  readonly length: number;
}

/** Yields the remarks and returns the end of the picture; `null` if the file cannot be parsed to its end. */
type MetadataChunks = Generator<MetadataChunk, number | null>;

/** Returns the format of a picture, by its first bytes, and its remarks; `null` for an unsupported format. */
export function remarksOf(file: WindowedFile): { readonly kind: PictureKind; readonly remarks: MetadataChunks } | null {
  for (const kind of pictureKinds) {
    const { signature, remarks } = formats[kind];
    if (file.peek(0, signature.length).equals(signature)) return { kind, remarks: remarks(file) };
  }
  return null;
}

/** The picture formats whose remarks can be located. */
export type PictureKind = keyof typeof formats;

const formats = {
  jpeg: { signature: Buffer.from('\xff\xd8\xff', 'latin1'), remarks: remarksOfJpeg },
  png: { signature: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), remarks: remarksOfPng },
  gif: { signature: Buffer.from('GIF8', 'latin1'), remarks: remarksOfGif },
  webp: { signature: Buffer.from('RIFF', 'latin1'), remarks: remarksOfWebp },
} as const;
const pictureKinds = Object.keys(formats) as readonly PictureKind[];

const jpeg = { end: 0xd9, scan: 0xda, comment: 0xfe, firstApp: 0xe0, colourApp: 0xe2, adobeApp: 0xee, lastApp: 0xef };
/** Bytes of the segment `JFIF`, without the thumbnail that may follow. */
const JFIF_BYTES = 14;
/** Bytes that are searched for the end of encoded pixels at a time. */
const SCAN_BYTES = 64 * 1024;

/**
 * Yields comments and application segments (ITU-T T.81 annex B), except for `JFIF`, colour profiles and Adobe's, which
 * are needed to decode the pixels.
 */
function* remarksOfJpeg(file: WindowedFile): MetadataChunks {
  for (let at = 2; ; ) {
    const [begin, marker = 0, high = 0, low = 0] = file.peek(at, 4);
    if (begin !== 0xff) return null;
    if (marker === jpeg.end) return at + 2;
    const length = high * 256 + low;
    const next = at + 2 + length;
    // The standard permits fill bytes of 0xff before a marker, but no program that writes pictures uses them.
    if (marker === 0xff || length < 2 || next > file.size) return null;
    const kept = keptOfSegment(marker, file.peek(at + 4, JFIF_BYTES));
    if (kept < length - 2) yield { at: at + 4 + kept, length: length - 2 - kept };
    at = marker === jpeg.scan ? endOfScan(file, next) : next;
  }
}

/** Returns how many bytes at the start of a segment's content are needed to decode the picture. */
function keptOfSegment(marker: number, content: Buffer): number {
  const isApp = marker >= jpeg.firstApp && marker <= jpeg.lastApp;
  if (!isApp && marker !== jpeg.comment) return Number.POSITIVE_INFINITY;
  const begins = (text: string): boolean => content.toString('latin1').startsWith(text);
  if (marker === jpeg.firstApp && begins('JFIF\0')) return JFIF_BYTES;
  const isNeeded =
    (marker === jpeg.colourApp && begins('ICC_PROFILE\0')) || (marker === jpeg.adobeApp && begins('Adobe'));
  return isNeeded ? Number.POSITIVE_INFINITY : 0;
}

/** Returns the position of the next marker after encoded pixels; the end of the file if there is none. */
function endOfScan(file: WindowedFile, from: number): number {
  const bytes = Buffer.alloc(SCAN_BYTES);
  // Each window repeats the last byte of the previous one, which may be half of a marker.
  for (let at = from; at < file.size; at += SCAN_BYTES - 1) {
    const window = bytes.subarray(0, file.read(bytes, at));
    for (let found = window.indexOf(0xff); found >= 0 && found + 1 < window.length; ) {
      const next = window[found + 1] ?? 0;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + found;
      found = window.indexOf(0xff, found + 1);
    }
  }
  return file.size;
}

/**
 * Maximum chunks of one picture. Enough for half a gigabyte in chunks of 8 KiB, the length that most programs write.
 */
const CHUNKS_MAX = 1 << 16;
const keptOfPng = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD', 'pHYs', 'hIST', 'sPLT'],
  ...['cICP', 'mDCV', 'cLLI', 'acTL', 'fcTL', 'fdAT'],
]);

function* remarksOfPng(file: WindowedFile): MetadataChunks {
  let at = formats.png.signature.length;
  for (let chunks = 0; chunks < CHUNKS_MAX; chunks += 1) {
    const head = file.peek(at, 8);
    if (head.length < 8) return null;
    const [length, kind] = [head.readUInt32BE(0), head.toString('latin1', 4)];
    const end = at + 8 + length + 4;
    if (end > file.size) return null;
    if (!keptOfPng.has(kind) && length > 0) yield { at: at + 8, length };
    at = end;
    if (kind === 'IEND') return end;
  }
  return null;
}

const gif = { extension: 0x21, image: 0x2c, end: 0x3b, control: 0xf9, application: 0xff };
/** Application extensions that are kept: those for animations, and a colour profile. */
const keptOfGif = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);

function* remarksOfGif(file: WindowedFile): MetadataChunks {
  for (let at = 13 + tableBytes(file.peek(10, 1)[0]); ; ) {
    const [introducer, label, ...rest] = file.peek(at, 14);
    if (introducer === gif.end) return at + 1;
    if (introducer === gif.image) at = endOfBlocks(file, at + 11 + tableBytes(rest[7]));
    else if (introducer === gif.extension) {
      const end = endOfBlocks(file, at + 2);
      const name = Buffer.from(rest.slice(1)).toString('latin1');
      const isKept = label === gif.control || (label === gif.application && keptOfGif.has(name));
      if (!isKept) yield { at, length: end - at };
      at = end;
    } else return null;
    if (at >= file.size) return null;
  }
}

/** Returns the bytes of the colour table that the flags announce. */
function tableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Returns the position after a series of length-prefixed blocks, which an empty block ends. */
function endOfBlocks(file: WindowedFile, from: number): number {
  let at = from;
  while (at < file.size) {
    const length = file.peek(at, 1)[0] ?? 0;
    at += 1 + length;
    if (length === 0) break;
  }
  return Math.min(at, file.size);
}

const keptOfWebp = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

function* remarksOfWebp(file: WindowedFile): MetadataChunks {
  const head = file.peek(0, 12);
  if (head.length < 12 || head.toString('latin1', 8) !== 'WEBP') return null;
  const end = 8 + evened(head.readUInt32LE(4));
  if (end > file.size) return null;
  let at = 12;
  for (let chunks = 0; chunks < CHUNKS_MAX; chunks += 1) {
    if (at === end) return end;
    const chunk = file.peek(at, 8);
    if (chunk.length < 8) return null;
    const length = chunk.readUInt32LE(4);
    if (at + 8 + length > end) return null;
    if (!keptOfWebp.has(chunk.toString('latin1', 0, 4)) && length > 0) yield { at: at + 8, length };
    at += 8 + evened(length);
  }
  return null;
}

/** Returns the length rounded up to an even number, because chunks of WebP are padded. */
function evened(length: number): number {
  return length + (length % 2);
}
