import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkUtf8, UTF8_BOUNDARY, UTF8_INVALID } from './utf8.js';

const check = (bytes: Uint8Array): number => checkUtf8(UTF8_BOUNDARY, bytes, 0, bytes.length);

function checkByteByByte(bytes: Uint8Array): number {
  let state = UTF8_BOUNDARY;
  for (let at = 0; at < bytes.length; at++) state = checkUtf8(state, bytes, at, at + 1);
  return state;
}

describe('checkUtf8', () => {
  it('[FR-8] checkUtf8 agrees with Node on texts of one to three bytes, whole and split', () => {
    const wrong: string[] = [];
    const bytes = new Uint8Array(3);
    const edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        for (const third of edges) {
          bytes.set([first, second, third]);
          const state = check(bytes);
          const right = (state === UTF8_BOUNDARY) === isUtf8(bytes) && checkByteByByte(bytes) === state;
          if (!right) wrong.push(Buffer.from(bytes).toString('hex'));
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('[FR-8] checkUtf8 agrees with Node on random bytes and on random text with one byte changed', () => {
    const mutated = fc.tuple(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), mutated), (bytes) => {
        expect(check(bytes) === UTF8_BOUNDARY).toBe(isUtf8(bytes));
        expect(checkByteByByte(bytes)).toBe(check(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('[FR-8] checkUtf8 reports an error at the first invalid byte', () => {
    for (const hex of ['80', 'c0', 'c1', 'f5', 'ff', 'e09f', 'eda0', 'f08f', 'f490', 'c341', 'e28241', 'f09f9841']) {
      const bytes = Buffer.from(hex, 'hex');
      expect(check(bytes)).toBe(UTF8_INVALID);
      expect(check(bytes.subarray(0, -1))).not.toBe(UTF8_INVALID);
    }
  });

  it('[FR-8] checkUtf8 stays invalid after an error', () => {
    expect(checkUtf8(UTF8_INVALID, Uint8Array.of(0xff, 0x41), 0, 2)).toBe(UTF8_INVALID);
  });
});
