import type { WindowedFile } from './windowed-file.js';

/** Bytes of a picture that say something beside its pixels and colours. */
export interface Remark {
  readonly at: number;
  readonly length: number;
}

/** Yields what is said, and returns where the picture ends. `null` where the file cannot be followed to its end. */
type Remarks = Generator<Remark, number | null>;

/** The remarks of a file by how it begins; `null` for a kind that is not known here. */
export function remarksOf(file: WindowedFile): { readonly kind: PictureKind; readonly remarks: Remarks } | null {
  for (const kind of pictureKinds) {
    const { signature, remarks } = formats[kind];
    if (file.peek(0, signature.length).equals(signature)) return { kind, remarks: remarks(file) };
  }
  return null;
}

export type PictureKind = keyof typeof formats;

const formats = {
  jpeg: { signature: Buffer.from('\xff\xd8\xff', 'latin1'), remarks: remarksOfJpeg },
  png: { signature: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), remarks: remarksOfPng },
  gif: { signature: Buffer.from('GIF8', 'latin1'), remarks: remarksOfGif },
  webp: { signature: Buffer.from('RIFF', 'latin1'), remarks: remarksOfWebp },
} as const;
const pictureKinds = Object.keys(formats) as readonly PictureKind[];

const jpeg = { end: 0xd9, scan: 0xda, comment: 0xfe, firstApp: 0xe0, colourApp: 0xe2, adobeApp: 0xee, lastApp: 0xef };
/** Of the segment `JFIF`, without the small picture that may follow. */
const jfifBytes = 14;
const scanBytes = 64 * 1024;

/** Segments (ITU-T T.81 annex B): comments and those of applications, but for `JFIF`, colours and Adobe's, by which the pixels are read. */
function* remarksOfJpeg(file: WindowedFile): Remarks {
  for (let at = 2; ; ) {
    const [begin, marker = 0, high = 0, low = 0] = file.peek(at, 4);
    if (begin !== 0xff) return null;
    if (marker === jpeg.end) return at + 2;
    const length = high * 256 + low;
    const next = at + 2 + length;
    // Any number of the first byte may stand in front of a marker; no program that writes pictures does that.
    if (marker === 0xff || length < 2 || next > file.size) return null;
    const kept = keptOfSegment(marker, file.peek(at + 4, jfifBytes));
    if (kept < length - 2) yield { at: at + 4 + kept, length: length - 2 - kept };
    at = marker === jpeg.scan ? endOfScan(file, next) : next;
  }
}

/** How many bytes of a segment are no remark. */
function keptOfSegment(marker: number, content: Buffer): number {
  const isApp = marker >= jpeg.firstApp && marker <= jpeg.lastApp;
  if (!isApp && marker !== jpeg.comment) return Number.POSITIVE_INFINITY;
  const begins = (text: string): boolean => content.toString('latin1').startsWith(text);
  if (marker === jpeg.firstApp && begins('JFIF\0')) return jfifBytes;
  const isNeeded =
    (marker === jpeg.colourApp && begins('ICC_PROFILE\0')) || (marker === jpeg.adobeApp && begins('Adobe'));
  return isNeeded ? Number.POSITIVE_INFINITY : 0;
}

/** The next marker behind coded pixels; the end of the file where there is none. */
function endOfScan(file: WindowedFile, from: number): number {
  const bytes = Buffer.alloc(scanBytes);
  // Each window begins with the last byte of the one before, which may be half of a marker.
  for (let at = from; at < file.size; at += scanBytes - 1) {
    const window = bytes.subarray(0, file.read(bytes, at));
    for (let found = window.indexOf(0xff); found >= 0 && found + 1 < window.length; ) {
      const next = window[found + 1] ?? 0;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + found;
      found = window.indexOf(0xff, found + 1);
    }
  }
  return file.size;
}

/** Half a gigabyte in the 8 KiB that most programs write at once. */
const chunksMax = 1 << 16;
const keptOfPng = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD', 'pHYs', 'hIST', 'sPLT'],
  ...['cICP', 'mDCV', 'cLLI', 'acTL', 'fcTL', 'fdAT'],
]);

function* remarksOfPng(file: WindowedFile): Remarks {
  let at = formats.png.signature.length;
  for (let chunks = 0; chunks < chunksMax; chunks += 1) {
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
/** Of animations, and a profile of colours. */
const keptOfGif = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);

function* remarksOfGif(file: WindowedFile): Remarks {
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

/** Bytes of the table of colours that the flags announce. */
function tableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Behind a row of blocks, each of which begins with its length, and the empty one that ends it. */
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

function* remarksOfWebp(file: WindowedFile): Remarks {
  const head = file.peek(0, 12);
  if (head.length < 12 || head.toString('latin1', 8) !== 'WEBP') return null;
  const end = 8 + evened(head.readUInt32LE(4));
  if (end > file.size) return null;
  let at = 12;
  for (let chunks = 0; chunks < chunksMax; chunks += 1) {
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

function evened(length: number): number {
  return length + (length % 2);
}
