import { expect, it } from 'vitest';
import { BodyPieces } from './body-pieces.js';

// Tests `BodyPieces`, which collects the pieces of a body while it is read and joins them once.

/** Bytes whose value shows their position. */
const numbered = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, at) => at % 251));

it('BodyPieces joins pieces of every size in order', () => {
  const whole = numbered(300_000);
  const pieces = new BodyPieces();
  const sizes = [1, 5_000, 3, 4_095, 4_096, 1, 1, 70_000, 2_000, 9_000, 12];
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    pieces.add(Buffer.from(whole.subarray(at, at + size)));
    at += size;
  }
  expect(pieces.length).toBe(300_000);
  expect(pieces.take().equals(whole)).toBe(true);
  expect(pieces.take().length).toBe(0);
});

it('large pieces are kept without a copy', () => {
  const pieces = new BodyPieces();
  const [first, second] = [Buffer.alloc(65_536), Buffer.alloc(65_536)];
  pieces.add(first);
  pieces.add(second);
  second.fill(1);
  expect(pieces.take().subarray(65_536).equals(second)).toBe(true);
});

it('a piece that is a small part of a larger buffer is copied, so that it does not pin the buffer', () => {
  const pieces = new BodyPieces();
  const buffer = Buffer.from(new ArrayBuffer(65_536));
  pieces.add(Buffer.alloc(1));
  pieces.add(buffer.subarray(100, 8_100));
  buffer.fill(1);
  expect(pieces.take().equals(Buffer.alloc(8_001))).toBe(true);
});

it('small pieces are copied into blocks', () => {
  const pieces = new BodyPieces();
  const piece = Buffer.alloc(3);
  for (let count = 0; count < 5_000; count += 1) pieces.add(piece);
  piece.fill(1);
  expect(pieces.take().subarray(3).equals(Buffer.alloc(14_997))).toBe(true);
});

it('clear drops everything', () => {
  const pieces = new BodyPieces();
  for (const size of [10, 5_000, 20]) pieces.add(numbered(size));
  pieces.clear();
  pieces.add(numbered(7));
  expect(pieces.take().equals(numbered(7))).toBe(true);
});
