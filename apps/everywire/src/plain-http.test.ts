import { expect, test } from 'vitest';
import { isOwnMachineOnly, PLAIN_HTTP_NOTE } from './plain-http.js';

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['localhost', true],
  ['', false],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
  ['127.0.0.1.example.org', false],
])('whether %j is reachable only from this machine: %s', (host, expected) =>
  expect(isOwnMachineOnly(host)).toBe(expected),
);

test('the note names in one line what does not work and how to fix it', () => {
  expect(PLAIN_HTTP_NOTE).not.toContain('\n');
  for (const word of [
    'can read passwords and messages',
    'notifications',
    'clipboard',
    'EVERYWIRE_TLS_CERT',
    'EVERYWIRE_TLS_KEY',
  ])
    expect(PLAIN_HTTP_NOTE).toContain(word);
});
