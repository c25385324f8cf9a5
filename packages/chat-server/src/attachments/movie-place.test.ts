import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetPlace } from './movie-place.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-movie-'));
});
afterAll(() => rm(directory, { recursive: true }));

function box(type: string, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

function longBox(type: string, content: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1, 0);
  head.write(type, 4, 'latin1');
  head.writeBigUInt64BE(BigInt(16 + content.length), 8);
  return Buffer.concat([head, Buffer.from(content)]);
}

async function cleaned(movie: Buffer, indexBytesMax = 1_000_000): Promise<{ found: boolean; bytes: Buffer }> {
  const path = join(directory, 'movie');
  await writeFile(path, movie);
  return { found: await forgetPlace(path, indexBytesMax), bytes: await readFile(path) };
}

const place = '+31.50+121.95/';
const udta = box('udta', box('\xa9xyz', place));
const track = box('trak', box('tkhd', 'track'), box('udta', box('name', place)));
const index = box('moov', box('mvhd', 'head'), udta, track, box('meta', box('keys', place)));

describe('forgetPlace', () => {
  it('blanks what a movie and its tracks tell, and moves no byte', async () => {
    for (const movie of [
      Buffer.concat([box('ftyp', 'isom'), index, box('mdat', 'pictures')]),
      Buffer.concat([box('ftyp', 'qt  '), longBox('mdat', 'pictures'), index, box('udta', place)]),
    ]) {
      const { found, bytes } = await cleaned(movie);
      expect(found).toBe(true);
      expect(bytes).toHaveLength(movie.length);
      expect(bytes.includes(place)).toBe(false);
      for (const kept of ['pictures', 'head', 'track', 'mdat', 'mvhd', 'tkhd']) expect(bytes.includes(kept)).toBe(true);
    }
  });

  it('says so where the index is missing, too long or broken, and touches nothing', async () => {
    const broken = Buffer.from(index);
    broken.writeUInt32BE(0xffffffff, 0);
    for (const movie of [box('mdat', place), broken, Buffer.from('moov'), Buffer.alloc(0)]) {
      const { found, bytes } = await cleaned(movie);
      expect(found).toBe(false);
      expect(bytes.equals(movie)).toBe(true);
    }
    expect((await cleaned(index, index.length - 1)).found).toBe(false);
  });

  it('comes to an end with boxes that lead nowhere', async () => {
    const loop = Buffer.alloc(4_096, 0);
    loop.write('moov', 4, 'latin1');
    expect((await cleaned(loop)).found).toBe(true);
  });
});
