import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PositionFile } from './position-file.js';

// Tests `PositionFile`, a small file next to a store with the position of the last acknowledged commit. If the store
// then has less, acknowledged commits were lost. The file has two slots, so that one is always valid.

const epoch = '0123456789abcdef';
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-slots-'));
  file = join(directory, 'chat.db.position');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Writes the positions in order and returns the file's bytes after each. */
function writeAll(positions: readonly number[]): readonly Buffer[] {
  const slots = PositionFile.open(file);
  const states = positions.map((position) => {
    slots.write({ epoch, position, at: 1_000 + position });
    return readFileSync(file);
  });
  slots.close();
  return states;
}

it('the position written last is read, even a lower one of another history', () => {
  writeAll([1, 2, 3_000_000_000]);
  expect(PositionFile.read(file)).toEqual({ epoch, position: 3_000_000_000, at: 3_000_001_000 });
  const again = PositionFile.open(file);
  again.write({ epoch: 'fedcba9876543210', position: 5, at: 2 });
  again.close();
  expect(PositionFile.read(file)).toEqual({ epoch: 'fedcba9876543210', position: 5, at: 2 });
});

it('a missing file, or one without a valid slot, has no position', () => {
  expect(PositionFile.read(file)).toBeNull();
  for (const bytes of ['', 'x', '\0'.repeat(8_192), 'x'.repeat(8_192)]) {
    writeFileSync(file, bytes);
    expect(PositionFile.read(file)).toBeNull();
  }
});

it('after a torn write, the previous or the new position is read', () => {
  const [before = Buffer.alloc(0), after = Buffer.alloc(0)] = writeAll([7, 8]);
  const changed = [...after.keys()].filter((at) => before[at] !== after[at]);
  for (let count = 0; count <= changed.length; count += 1) {
    const torn = Buffer.from(before);
    for (const at of changed.slice(0, count)) torn[at] = after[at] ?? 0;
    writeFileSync(file, torn);
    expect(PositionFile.read(file)?.position).toBe(count === changed.length ? 8 : 7);
  }
});

it('if a power cut damaged one slot, the other is read', () => {
  const [, , bytes = Buffer.alloc(0)] = writeAll([7, 8, 9]);
  for (const [page, left] of [
    [0, 9],
    [1, 8],
  ] as const) {
    const cut = Buffer.from(bytes).fill(0xff, page * 4_096, (page + 1) * 4_096);
    writeFileSync(file, cut);
    expect(PositionFile.read(file)?.position).toBe(left);
  }
});

it('a position file is created private at its full size, and does not grow', () => {
  writeAll(Array.from({ length: 100 }, (_, index) => index));
  expect(statSync(file).size).toBe(8_192);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
