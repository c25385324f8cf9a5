import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMask, unmaskInto } from './mask.js';

/** Masks exactly as RFC 6455 §5.3 defines it. */
function maskByDefinition(bytes: Uint8Array, key: readonly number[], phase: number): Uint8Array {
  return bytes.map((byte, i) => byte ^ key[(i + phase) % 4]!);
}

describe('applyMask', () => {
  it('[FR-14] applyMask matches the definition at every length, alignment and phase', () => {
    const key = [0x9a, 0x01, 0xff, 0x37];
    const word = key.reduce((sum, byte) => (sum << 8) | byte, 0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), fc.nat(9), (bytes, offset, phase) => {
        const room = new Uint8Array(offset + bytes.length + 3).fill(0xaa);
        room.set(bytes, offset);
        applyMask(room, offset, offset + bytes.length, word, phase);
        expect(room.slice(offset, offset + bytes.length)).toEqual(maskByDefinition(bytes, key, phase));
        expect([...room.slice(0, offset), ...room.slice(-3)].every((byte) => byte === 0xaa)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('[FR-14] applyMask undoes itself, also in two pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.integer(), fc.nat(400), (bytes, key, at) => {
        const cut = Math.min(at, bytes.length);
        const room = bytes.slice();
        applyMask(room, 0, room.length, key, 0);
        applyMask(room, 0, cut, key, 0);
        applyMask(room, cut, room.length, key, cut);
        expect(room).toEqual(bytes);
      }),
    );
  });
});

describe('unmaskInto', () => {
  it('[FR-14] unmaskInto matches the definition and returns whether all bytes are ASCII', () => {
    const key = [0x9a, 0x01, 0xff, 0x37];
    const word = key.reduce((sum, byte) => (sum << 8) | byte, 0);
    const payload = fc.oneof(fc.uint8Array({ maxLength: 1_100 }), fc.uint8Array({ maxLength: 60, max: 0x7f }));
    fc.assert(
      fc.property(payload, fc.nat(9), fc.nat(9), (plain, offset, into) => {
        const bytes = new Uint8Array(offset + plain.length + 3).fill(0xaa);
        bytes.set(maskByDefinition(plain, key, 0), offset);
        const before = bytes.slice();
        const room = new Uint8Array(into + plain.length + 3).fill(0xbb);
        const seen = unmaskInto(room, into, bytes, offset, offset + plain.length, word);
        expect(room.slice(into, into + plain.length)).toEqual(plain);
        expect([...room.slice(0, into), ...room.slice(-3)].every((byte) => byte === 0xbb)).toBe(true);
        expect(bytes).toEqual(before);
        if (plain.some((byte) => byte >= 0x80)) expect(seen).toBeGreaterThanOrEqual(0x80);
        else if (plain.length < 512) expect(seen).toBeLessThan(0x80);
      }),
      { numRuns: 300 },
    );
  });
});
