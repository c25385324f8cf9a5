import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttachmentLimits, defaultAttachmentLimits } from './attachment-limits.js';
import { stripMovieMetadata } from './movie-metadata.js';

// Tests `stripMovieMetadata`, which removes the location and other metadata from a movie (MP4, MOV). Such a file
// consists of nested boxes, each with a length, a type and content.

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-movie-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Creates a box with a length of 32 bits. */
function box(type: string, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** Creates a box with a length of 64 bits. */
function longBox(type: string, content: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1, 0);
  head.write(type, 4, 'latin1');
  head.writeBigUInt64BE(BigInt(16 + content.length), 8);
  return Buffer.concat([head, Buffer.from(content)]);
}

/** Strips a movie. Returns whether metadata were found, and the bytes afterwards. */
async function stripMovie(
  movie: Buffer,
  limits: Partial<AttachmentLimits> = {},
): Promise<{ found: boolean; bytes: Buffer }> {
  const path = join(directory, 'movie');
  await writeFile(path, movie);
  return { found: stripMovieMetadata(path, { ...defaultAttachmentLimits, ...limits }), bytes: await readFile(path) };
}

/** The location that must be removed. */
const place = '+31.50+121.95/';
const udta = box('udta', box('\xa9xyz', place));
const track = box('trak', box('tkhd', 'track'), box('udta', box('name', place)));
const index = box('moov', box('mvhd', 'head'), udta, track, box('meta', box('keys', place)));

describe('stripMovieMetadata', () => {
  it('stripMovieMetadata blanks the metadata of a movie and its tracks and moves no byte', async () => {
    for (const movie of [
      Buffer.concat([box('ftyp', 'isom'), index, box('mdat', 'pictures')]),
      Buffer.concat([box('ftyp', 'qt  '), longBox('mdat', 'pictures'), index, box('udta', place)]),
    ]) {
      const { found, bytes } = await stripMovie(movie);
      expect(found).toBe(true);
      expect(bytes).toHaveLength(movie.length);
      expect(bytes.includes(place)).toBe(false);
      for (const kept of ['pictures', 'head', 'track', 'mdat', 'mvhd', 'tkhd']) expect(bytes.includes(kept)).toBe(true);
    }
  });

  it('stripMovieMetadata returns false and changes nothing if the index is missing, too long or malformed', async () => {
    const broken = Buffer.from(index);
    broken.writeUInt32BE(0xffffffff, 0);
    for (const movie of [box('mdat', place), broken, Buffer.from('moov'), Buffer.alloc(0)]) {
      const { found, bytes } = await stripMovie(movie);
      expect(found).toBe(false);
      expect(bytes.equals(movie)).toBe(true);
    }
    expect((await stripMovie(index, { movieIndexBytesMax: index.length - 1 })).found).toBe(false);
  });

  it('stripMovieMetadata blanks boxes that no player needs, under any name, in the file, the movie and its tracks', async () => {
    const uuid = box('uuid', 'sixteen bytes...', `<x exif:GPSLatitude="${place}"/>`);
    const hidden = [uuid, box('free', place), box('gps ', place), longBox('XMP_', place)];
    const movie = Buffer.concat([
      ...[box('ftyp', 'qt  '), box('wide'), box('mdat', 'pictures'), ...hidden],
      box('moov', box('mvhd', 'head'), ...hidden, box('trak', box('tkhd', 'track'), ...hidden, box('mdia', 'media'))),
    ]);
    const { found, bytes } = await stripMovie(movie);
    expect([found, bytes.length, bytes.includes(place)]).toEqual([true, movie.length, false]);
    for (const kept of ['qt  ', 'pictures', 'head', 'track', 'media']) expect(bytes.includes(kept), kept).toBe(true);
  });

  it('[U11] stripMovieMetadata leaves a movie with too many boxes or tracks unchanged, at any level', async () => {
    const many = Buffer.concat(Array.from({ length: 200 }, () => box('free')));
    const inIndex = box('moov', udta, many);
    const inTrack = box('moov', udta, box('trak', many));
    const tracks = box('moov', udta, ...Array.from({ length: 20 }, () => box('trak')));
    for (const movie of [Buffer.concat([index, many]), Buffer.concat([many, index]), inIndex, inTrack, tracks]) {
      const { found, bytes } = await stripMovie(movie, { movieBoxesMax: 100, movieTracksMax: 10 });
      expect([found, bytes.equals(movie)]).toEqual([false, true]);
      expect((await stripMovie(movie, { movieBoxesMax: 1_000, movieTracksMax: 100 })).found).toBe(true);
    }
  });

  it('stripMovieMetadata leaves a movie with two indexes unchanged, because players differ in which they read', async () => {
    const movie = Buffer.concat([box('moov', box('mvhd', 'head')), index]);
    const { found, bytes } = await stripMovie(movie);
    expect([found, bytes.equals(movie)]).toEqual([false, true]);
  });

  it('stripMovieMetadata finds an index that is an empty box at the end of the file', async () => {
    expect(await stripMovie(Buffer.concat([box('mdat', 'pictures'), box('moov')]))).toMatchObject({ found: true });
  });

  it('stripMovieMetadata terminates on boxes that lead nowhere', async () => {
    const loop = Buffer.alloc(4_096, 0);
    loop.write('moov', 4, 'latin1');
    expect((await stripMovie(loop)).found).toBe(true);
  });
});
