import { expect, test } from 'vitest';
import { tcpAddress } from './tcp-address.js';

const port = 8089;

test.each([
  ['http://chat.example.org:8088', { port, encrypted: false }, 'tcp://chat.example.org:8089'],
  ['http://chat.example.org', { port, encrypted: true }, 'tls://chat.example.org:8089'],
  ['https://chat.example.org', { port, encrypted: true }, 'tls://chat.example.org:8089'],
  ['https://chat.example.org', { port, encrypted: false }, undefined],
  ['https://chat.example.org', null, undefined],
])(
  'the raw TCP address of %s with %o is %s, so that an https address never leads to a port without TLS',
  (url, tcp, address) => {
    expect(tcpAddress(url, { tcp })).toBe(address);
  },
);

test('raw TCP is not used if the server does not announce it', () => {
  expect(tcpAddress('http://chat.example.org', {})).toBeUndefined();
});
