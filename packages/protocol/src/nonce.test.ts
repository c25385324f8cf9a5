import { expect, it } from 'vitest';
import { isNonce } from './nonce.js';

it('[SN-36.1] a nonce has 16 to 256 UTF-16 units without lone surrogates', () => {
  const nonces = ['x'.repeat(15), 'x'.repeat(16), '\u20ac \0'.repeat(8), '😀'.repeat(128), 'x'.repeat(257)];
  expect(nonces.map(isNonce)).toEqual([false, true, true, true, false]);
  expect(isNonce(`${'x'.repeat(20)}\ud83d`)).toBe(false);
});
