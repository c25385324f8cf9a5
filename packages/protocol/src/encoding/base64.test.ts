import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.js';

describe('base64', () => {
  it('[EN-13] base64 is encoded as Node encodes it and decoded back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    'A',
    'AA',
    'AAA',
    'AA=',
    'A===',
    '====',
    '=AAA',
    'AA=A',
    'AB==',
    'AAB=',
    'AA-_',
    'AA A',
    'AAA\n',
    'AAA\u0100',
    'AA==AA==',
  ])('[EN-13] the base64 text %j is refused', (text) => expect(decodeBase64(text)).toBe(null));

  it('[EN-13] an empty base64 text is decoded as no bytes', () => expect(decodeBase64('')).toEqual(new Uint8Array(0)));
});
