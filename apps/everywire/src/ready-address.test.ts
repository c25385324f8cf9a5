import { expect, test } from 'vitest';
import { readyAddress } from './ready-address.js';

const address = { address: '::', family: 'IPv6', port: 8_088 };

test.each([
  ['', 'http://localhost:8088'],
  ['0.0.0.0', 'http://localhost:8088'],
  ['127.0.0.1', 'http://127.0.0.1:8088'],
  ['::1', 'http://[::1]:8088'],
  ['chat.example.org', 'http://chat.example.org:8088'],
])('prints the host %j as %s', (host, expected) => {
  expect(readyAddress(host, address, false)).toBe(expected);
  expect(readyAddress(host, address, true)).toBe(expected.replace('http:', 'https:'));
});
