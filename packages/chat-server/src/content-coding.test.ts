import { expect, test } from 'vitest';
import { chooseCoding } from './content-coding.js';

test.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['deflate, zstd', null],
  ['gzip', 'gzip'],
  ['X-GZIP', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['BR;Q=0.5 , gzip ; q=0.8', 'gzip'],
  ['br;q=0.8, gzip;q=0.8', 'br'],
  ['gzip;q=0', null],
  ['gzip;q=0.000, br', 'br'],
  ['*', 'br'],
  ['*;q=0', null],
  ['gzip, *;q=0', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['br;q=0, gzip;q=0, *', null],
  ['identity, gzip;q=0.5', null],
  ['identity, gzip', 'gzip'],
  ['identity;q=0.5, *;q=0.1', null],
  ['gzip;q=2, br;level=3', null],
])('Accept-Encoding %j is answered in %j', (accepted, coding) => {
  expect(chooseCoding(accepted)).toBe(coding);
});
