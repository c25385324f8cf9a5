import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.js';

/** Decodes by Node, which accepts more, and refuses everything that it would encode differently. */
function canonical(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? Uint8Array.from(bytes) : null;
}

describe('base64 of the legacy build', () => {
  it('[EN-2] base64 of the legacy build is encoded as Node encodes it and decoded back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it('[EN-2] the legacy build accepts only canonical base64, like the server', () => {
    for (const text of [
      '',
      'A',
      'AA',
      'AA==',
      'QR==',
      'AAA=',
      'AA=A',
      '====',
      '=',
      'A===',
      'AAAA=',
      'AA-A',
      'AA==AAAA',
      'é===',
    ])
      expect(decodeBase64(text)).toEqual(canonical(text));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQg+/=-'), maxLength: 8 }), (text) => {
        expect(decodeBase64(text)).toEqual(canonical(text));
      }),
    );
  });
});
