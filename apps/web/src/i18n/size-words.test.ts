import { expect, test } from 'vitest';
import { sizeWords } from './size-words.js';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [9_949, '9.9 kB'],
  [9_950, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [48_300_000, '48 MB'],
  [2_000_000_000, '2.0 GB'],
  [3_400_000_000_000, '3.4 TB'],
  [5_000_000_000_000_000, '5000 TB'],
])('%d bytes are shown as %j', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});
