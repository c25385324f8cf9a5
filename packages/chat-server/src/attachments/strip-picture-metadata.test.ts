import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultAttachmentLimits } from './attachment-limits.js';
import { stripPictureMetadata } from './strip-picture-metadata.js';

// Tests `stripPictureMetadata`, which removes comments and other metadata from a picture without encoding it again.

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-remarks-'));
  // Another test of this process may have blocked formats that the server does not decode.
  sharp.unblock({ operation: ['VipsForeignLoad'] });
});
afterAll(() => rm(directory, { recursive: true }));

/** Returns the bytes of the picture without metadata, or `null` if it has none or cannot be stripped. */
async function withoutMetadata(bytes: Buffer, pictureRemarksMax = 1_000): Promise<Buffer | null> {
  const path = join(directory, 'picture');
  await writeFile(path, bytes);
  const isStripped = stripPictureMetadata(path, { ...defaultAttachmentLimits, pictureRemarksMax });
  const after = await readFile(path);
  if (!isStripped) expect(after.equals(bytes)).toBe(true);
  return isStripped ? after : null;
}

/** The metadata that must be removed. */
const remark = Buffer.from('my garden, 52.5 north');
/** Noise, so that the encoded pixels contain every byte value. */
const noise = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, index) => (index * index * 31) % 251));
const draw = () => sharp(noise, { raw: { width: 64, height: 48, channels: 3 } });
/** Encoders of a picture in each format. */
const encoders = {
  jpeg: () => draw().jpeg().toBuffer(),
  progressive: () => draw().jpeg({ progressive: true }).keepIccProfile().withIccProfile('p3').toBuffer(),
  png: () => draw().png().toBuffer(),
  gif: () => draw().gif().toBuffer(),
  webp: () => draw().webp().toBuffer(),
} as const;

/** Inserts parts at an offset of a picture. */
function insert(picture: Buffer, at: number, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([picture.subarray(0, at), ...parts, picture.subarray(at)]);
}

/** Creates a segment of a JPEG. */
function segment(marker: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, 0, content.length + 2]), content]);
}

/** Creates a chunk of a PNG. */
function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function withRiffChunk(webp: Buffer, kind: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(remark.length);
  const longer = Buffer.concat([webp, Buffer.from(kind), length, remark, Buffer.alloc(remark.length % 2)]);
  longer.writeUInt32LE(longer.length - 8, 4);
  return longer;
}

const gifComment = Buffer.concat([Buffer.from([0x21, 0xfe, remark.length]), remark, Buffer.from([0])]);
/** Letters stand in place of block lengths, and a ramp of numbers leads out of them (XMP specification part 3, GIF). */
const ramp = Buffer.from([1, ...Array.from({ length: 256 }, (_, index) => 255 - index), 0]);
const gifXmp = Buffer.concat([Buffer.from('\x21\xff\x0bXMP DataXMP', 'latin1'), Buffer.alloc(600, remark), ramp]);
const gifHead = (gif: Buffer): number => 13 + (((gif[10] ?? 0) & 0x80) === 0 ? 0 : 3 * 2 ** (((gif[10] ?? 0) & 7) + 1));

const spoken: Readonly<Record<string, () => Promise<Buffer>>> = {
  'a comment in a JPEG': async () => insert(await encoders.jpeg(), 2, segment(0xfe, remark)),
  'segments of applications in a JPEG': async () =>
    insert(
      await encoders.progressive(),
      2,
      ...[0xe1, 0xe2, 0xe3, 0xeb, 0xec, 0xed, 0xef].map((app) => segment(app, remark)),
    ),
  'a comment between the scans of a JPEG': async () => {
    const picture = await encoders.progressive();
    return insert(picture, picture.lastIndexOf(Buffer.from([0xff, 0xda])), segment(0xfe, remark));
  },
  'bytes after the end of a JPEG': async () => Buffer.concat([await encoders.jpeg(), await encoders.jpeg(), remark]),
  'texts before and after the pixels of a PNG': async () => {
    const picture = await encoders.png();
    const text = chunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), remark]));
    return insert(insert(picture, picture.length - 12, text, chunk('eXIf', remark)), 33, chunk('prVt', remark), text);
  },
  'bytes after the end of a PNG': async () => Buffer.concat([await encoders.png(), remark]),
  'a comment in a GIF': async () => {
    const picture = await encoders.gif();
    return insert(picture, gifHead(picture), gifComment);
  },
  'XMP in a GIF': async () => {
    const picture = await encoders.gif();
    return insert(picture, gifHead(picture), gifXmp);
  },
  'bytes after the end of a GIF': async () => Buffer.concat([await encoders.gif(), remark]),
  'EXIF that a WebP does not announce': async () => withRiffChunk(await encoders.webp(), 'EXIF'),
  'an application chunk in a WebP': async () => withRiffChunk(await encoders.webp(), 'SECR'),
  'bytes after the end of a WebP': async () => Buffer.concat([await encoders.webp(), remark]),
};

test.each(Object.keys(spoken))('stripPictureMetadata removes %s and keeps the pixels', async (what) => {
  const before = (await spoken[what]?.()) ?? Buffer.alloc(0);
  expect(before.includes(remark)).toBe(true);
  const after = (await withoutMetadata(before)) ?? before;
  expect(after.includes(Buffer.from('garden'))).toBe(false);
  const pixels = (bytes: Buffer) => sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
  expect((await pixels(after)).equals(await pixels(before))).toBe(true);
});

test.each(Object.keys(encoders) as (keyof typeof encoders)[])('a %s without remarks keeps every byte', async (kind) => {
  const picture = await encoders[kind]();
  expect((await withoutMetadata(picture))?.equals(picture)).toBe(true);
});

test('an animation keeps its frames and its loop count', async () => {
  const frames = sharp([await encoders.png(), await draw().negate().png().toBuffer()], {
    join: { animated: true },
  });
  for (const format of ['gif', 'webp'] as const) {
    const moving = await frames.clone().toFormat(format, { loop: 3 }).toBuffer();
    const after =
      (await withoutMetadata(format === 'gif' ? insert(moving, gifHead(moving), gifComment) : moving)) ?? moving;
    expect(await sharp(after, { animated: true }).metadata()).toMatchObject({ pages: 2, loop: 3 });
    expect(after.includes(remark)).toBe(false);
  }
});

test.each(Object.keys(encoders) as (keyof typeof encoders)[])(
  'a truncated %s is not read beyond its end',
  async (kind) => {
    const picture = await encoders[kind]();
    for (let length = 4; length < picture.length - 1; length += 97) await withoutMetadata(picture.subarray(0, length));
  },
);

test('a picture with too many remarks is left unchanged', async () => {
  const chatty = insert(await encoders.jpeg(), 2, ...Array.from({ length: 20 }, () => segment(0xfe, remark)));
  expect(await withoutMetadata(chatty, 19)).toBeNull();
  expect(await withoutMetadata(chatty, 20)).not.toBeNull();
  expect(await withoutMetadata(Buffer.from('II*\0, which is none of these'))).toBeNull();
});

test('a GIF stays well formed for every length of its comment', async () => {
  const picture = await encoders.gif();
  const pixels = await sharp(picture).raw().toBuffer();
  const lengths = [250, 251, 252, 253, 254, 255];
  for (const first of lengths)
    for (const second of [1, 2, 3, ...lengths]) {
      const blocks = [first, second].map((size) => Buffer.concat([Buffer.from([size]), Buffer.alloc(size, remark)]));
      const comment = Buffer.concat([Buffer.from([0x21, 0xfe]), ...blocks, Buffer.from([0])]);
      const after = (await withoutMetadata(insert(picture, gifHead(picture), comment))) ?? picture;
      expect(after.length).toBe(picture.length + comment.length);
      expect((await sharp(after, { failOn: 'warning' }).raw().toBuffer()).equals(pixels), `${first} ${second}`).toBe(
        true,
      );
    }
});
