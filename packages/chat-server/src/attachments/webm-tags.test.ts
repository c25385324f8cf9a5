import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stripMatroskaTags } from './webm-tags.js';

// Tests `stripMatroskaTags`, which overwrites the tags of a WebM file. Such a file consists of nested elements, each
// with an id, a length and content; ids are written in hexadecimal.

const directory = mkdtempSync(join(tmpdir(), 'everywire-webm-'));
afterAll(() => rmSync(directory, { recursive: true }));

const place = '+31.50+121.95/';
const unknown = Buffer.from('01ffffffffffffff', 'hex');

/** An element with a length field of `sizeBytes` bytes; `null` for an unknown length. */
function element(id: string, content: Buffer | string, sizeBytes: number | null = 1): Buffer {
  const body = Buffer.from(content as string, 'latin1');
  if (sizeBytes === null) return Buffer.concat([Buffer.from(id, 'hex'), unknown, body]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE((1n << BigInt(7 * sizeBytes)) + BigInt(body.length));
  return Buffer.concat([Buffer.from(id, 'hex'), size.subarray(8 - sizeBytes), body]);
}

const header = element('1a45dfa3', element('4282', 'webm'));
const info = element('1549a966', element('4d80', 'Lavf'));
const tags = (content: string, sizeBytes?: number): Buffer => element('1254c367', content, sizeBytes);
const block = element('a3', 'sound');
const segment = (...parts: readonly Buffer[]): Buffer => element('18538067', Buffer.concat(parts), 8);
const live = (...parts: readonly Buffer[]): Buffer => element('18538067', Buffer.concat(parts), null);

const limits = { movieTagsMax: 3, movieElementsMax: 20 };

/** Strips a file of these parts. */
function strip(...parts: readonly Buffer[]): { found: boolean; bytes: Buffer; before: Buffer } {
  const path = join(directory, 'webm');
  const before = Buffer.concat([header, ...parts]);
  writeFileSync(path, before);
  return { found: stripMatroskaTags(path, limits), bytes: readFileSync(path), before };
}

describe('stripMatroskaTags', () => {
  it('stripMatroskaTags voids tags of any position and length, and moves no byte', () => {
    const cluster = element('1f43b675', Buffer.concat([block, block]), 4);
    const open = element('1f43b675', Buffer.concat([block, block]), null);
    for (const written of [tags(place), tags(place, 8), tags(place.repeat(9), 2), tags(place, 4)])
      for (const whole of [
        [segment(info, written, cluster)],
        [segment(info, cluster, written, written)],
        [live(info, open, open, written, open)],
        [segment(info), live(cluster, written)],
      ]) {
        const { found, bytes, before } = strip(...whole);
        expect([found, bytes.length, bytes.includes(place)]).toEqual([true, before.length, false]);
        for (const kept of ['webm', 'Lavf']) expect(bytes.includes(kept)).toBe(true);
        const count = (all: Buffer): number => all.toString('latin1').split('sound').length;
        expect(count(bytes)).toBe(count(before));
        // Void elements are skipped: a second pass finds as many elements, and no tags.
        expect(strip(bytes.subarray(header.length))).toMatchObject({ found: true, bytes });
      }
  });

  it('stripMatroskaTags voids even the shortest tags', () => {
    for (let length = 0; length < 12; length += 1)
      for (const sizeBytes of [1, 2, 8]) {
        const written = tags('x'.repeat(length), sizeBytes);
        const { found, bytes } = strip(segment(written, block));
        const at = bytes.length - block.length - written.length;
        expect([found, bytes[at], bytes.includes('x')]).toEqual([true, 0xec, false]);
        const sizeOf = (bytes[at + 1] ?? 0) === 1 ? 9 + bytes.readUIntBE(at + 3, 6) : 2 + ((bytes[at + 1] ?? 0) & 0x7f);
        expect(sizeOf, `${length} ${sizeBytes}`).toBe(written.length);
      }
  });

  it('stripMatroskaTags reads a truncated recording', () => {
    const cut = segment(info, tags(place), element('1f43b675', block, 4)).subarray(0, -3);
    const { found, bytes } = strip(cut);
    expect([found, bytes.includes(place)]).toEqual([true, false]);
  });

  it('stripMatroskaTags leaves a file unchanged that it cannot read or that exceeds its limits', () => {
    for (const parts of [
      [],
      [info],
      [segment(tags(place)).subarray(0, -3)],
      [live(element('1254c367', place, null))],
      [live(element('1549a966', place, null))],
      [segment(tags(place), tags(place), tags(place), tags(place))],
      [segment(info, tags(place), ...Array(limits.movieElementsMax - 3).fill(block))],
    ]) {
      const { found, bytes, before } = strip(...parts);
      expect([found, bytes.equals(before)]).toEqual([false, true]);
    }
  });
});
