import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultAttachmentLimits } from './attachment-limits.js';
import { stripMovieMetadata } from './movie-metadata.js';

// Tests that `stripMovieMetadata` also removes subtitle and data tracks, which may contain the location. Such a file
// consists of nested boxes; the tables of a track say where its samples are in the media.

const directory = mkdtempSync(join(tmpdir(), 'everywire-samples-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Creates a box: length, type and content. */
function box(type: string, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  return Buffer.concat([words(8 + body.length), Buffer.from(type, 'latin1'), body]);
}

/** Numbers of 32 bits. */
function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, at * 4);
  return bytes;
}

interface Tables {
  readonly offsets: Buffer;
  readonly runs: Buffer;
  readonly sizes: Buffer;
}

/** A track of the given kind, with its samples where the tables say. */
function track(kind: string, { offsets, runs, sizes }: Tables): Buffer {
  const tables = box('stbl', box('stsd', words(0, 0)), sizes, runs, offsets);
  return box(
    'trak',
    box('tkhd', kind),
    box('mdia', box('hdlr', words(0, 0), kind, words(0, 0, 0)), box('minf', tables)),
  );
}

const pictures = 'PICTURES';
/** Three samples of 3, 5 and 4 bytes: two in the first chunk, one in the second. */
const media = `aaabbbbb${pictures}cccc`;
const head = box('ftyp', 'isom');
const from = head.length + 8;
const runs = box('stsc', words(0, 2, 1, 2, 1, 2, 1, 1));
const sizes = box('stsz', words(0, 0, 3, 3, 5, 4));
const second = from + 8 + pictures.length;
const tables: Tables = { offsets: box('stco', words(0, 2, from, second)), runs, sizes };

function inspected(...index: readonly Buffer[]): { found: boolean; media: string; whole: string; same: boolean } {
  const path = join(directory, 'movie');
  const movie = Buffer.concat([head, box('mdat', media), box('moov', box('mvhd', 'head'), ...index)]);
  writeFileSync(path, movie);
  const found = stripMovieMetadata(path, defaultAttachmentLimits);
  const after = readFileSync(path);
  const text = after.subarray(from, from + media.length).toString('latin1');
  return { found, media: text, whole: after.toString('latin1'), same: after.equals(movie) };
}

describe('stripMovieMetadata on metadata tracks', () => {
  it('stripMovieMetadata frees a metadata track with its samples and keeps the pictures', () => {
    const blank = `${'\0'.repeat(8)}${pictures}${'\0'.repeat(4)}`;
    for (const offsets of [tables.offsets, box('co64', words(0, 2, 0, from, 0, second))]) {
      const after = inspected(track('vide', tables), track('meta', { ...tables, offsets }));
      expect(after).toMatchObject({ found: true, media: blank });
      expect(after.whole).toContain('tkhdvide');
      expect(after.whole).not.toContain('meta');
    }
    const equal = { ...tables, sizes: box('stsz', words(0, 4, 3)), offsets: box('stco', words(0, 2, from, second)) };
    expect(inspected(track('camm', equal)).media).toBe(blank);
  });

  it('stripMovieMetadata keeps tracks of pictures, sound, subtitles and time codes', () => {
    for (const kind of ['vide', 'soun', 'text', 'sbtl', 'subt', 'tmcd'])
      expect(inspected(track(kind, tables))).toMatchObject({ found: true, media, same: true });
  });

  it('stripMovieMetadata changes nothing if samples of a metadata track cannot be located or lie in fragments', () => {
    const many = box('stco', words(0, 9, ...Array.from({ length: 9 }, () => from)));
    for (const index of [
      [track('meta', { ...tables, offsets: box('stco', words(0, 2, from)) })],
      [track('meta', { ...tables, offsets: box('stco', words(0, 2, from, 0xfffffff0)) })],
      [track('meta', { ...tables, sizes: box('stsz', words(0, 0, 2, 3, 5)) })],
      [track('meta', { ...tables, sizes: box('stz2', words(0, 0, 0)) })],
      [track('meta', { ...tables, runs: box('stsc', words(0, 0)) })],
      [track('meta', { offsets: many, runs: box('stsc', words(0, 1, 1, 1, 1)), sizes: box('stsz', words(0, 60, 9)) })],
      [track('meta', tables), box('mvex')],
      [box('trak', box('mdia', box('hdlr', words(0, 0), 'meta')))],
      [box('cmov', 'compressed')],
    ])
      expect(inspected(...index)).toMatchObject({ found: false, media, same: true });
  });
});
