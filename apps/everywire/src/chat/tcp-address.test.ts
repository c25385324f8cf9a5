import { expect, test } from 'vitest';
import { tcpAddress } from './tcp-address.js';

const port = 8089;

test.each([
  ['http://chat.example.org:8088', { port, encrypted: false }, 'tcp://chat.example.org:8089'],
  ['http://chat.example.org', { port, encrypted: true }, 'tls://chat.example.org:8089'],
  ['https://chat.example.org', { port, encrypted: true }, 'tls://chat.example.org:8089'],
  ['https://chat.example.org', { port, encrypted: false }, undefined],
  ['https://chat.example.org', null, undefined],
])('raw TCP of %s with %o is %s, so that an address with https never leads to a port in clear', (url, tcp, address) => {
  expect(tcpAddress(url, { tcp })).toBe(address);
});

test('raw TCP is not used if the server does not announce it', () => {
  expect(tcpAddress('http://chat.example.org', {})).toBeUndefined();
});
