import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createHostPolicy, parseHostName } from './host-policy.js';

// Tests `createHostPolicy`, which refuses requests for the name of another site (DNS rebinding): public names must be
// configured; addresses and local names are always allowed.

/** Returns whether a server with these names serves a request for `host`. 10.0.0.1 is a trusted proxy. */
function allows(names: readonly string[], host: string | undefined, remoteAddress = '192.0.2.1'): boolean {
  const policy = createHostPolicy(names, (socket) => socket.remoteAddress === '10.0.0.1');
  return policy({ headers: { host }, socket: { remoteAddress } } as unknown as IncomingMessage);
}

describe('createHostPolicy', () => {
  it.each([
    ...[
      'chat.example.org',
      'Chat.Example.org:8443',
      'chat.example.org.',
      '192.168.1.5:8080',
      '[::1]:8080',
      '[fe80::1]',
    ],
    ...[
      'localhost:8080',
      'chat.localhost',
      'everywire:8080',
      'chat.local',
      'chat.internal',
      'nas.home.arpa',
      undefined,
    ],
  ])('the host policy allows %s', (host) => {
    expect(allows(['chat.example.org'], host)).toBe(true);
  });

  it.each([
    ...[
      'evil.example',
      'evil.example:8080',
      'chat.example.org.evil.example',
      'evilchat.example.org',
      '1.2.3.4.evil.com',
    ],
    ...['[evil.example]', 'evil.example:80:80', '1.2.3', 'local.evil.example'],
  ])('the host policy refuses %s', (host) => {
    expect(allows(['chat.example.org'], host)).toBe(false);
  });

  it('the host policy allows every host if no name is configured', () => {
    expect(allows([], 'evil.example')).toBe(true);
  });

  it('the host policy allows a trusted proxy to send its own name', () => {
    expect(allows(['chat.example.org'], 'backend.example.net', '10.0.0.1')).toBe(true);
  });

  it.each(['chat.example.org.', 'CHAT.example.org', 'chat.example.org'])(
    'the host policy recognises the name %s in each of its forms',
    (name) => {
      for (const host of ['chat.example.org', 'chat.example.org.', 'Chat.example.org:8443', 'chat.example.org.:8443'])
        expect(allows([name], host)).toBe(true);
      expect(allows([name], 'evil.example')).toBe(false);
    },
  );

  it.each([
    ['bücher.example', 'xn--bcher-kva.example'],
    ['a..b', 'a..b'],
    ['[::1]', '[::1]'],
  ])('parseHostName writes %s like browsers', (text, name) => {
    expect(parseHostName(text)).toBe(name);
  });

  it.each([
    ...['https://chat.example.org', 'chat.example.org:80', 'chat.example.org:8443', 'chat.example.org/', 'a b', ''],
    ...['.', '*.example.org', 'user@example.org', '[::1]:80', '999.1.1.1', 'a%41'],
  ])('createHostPolicy refuses the name %j', (name) => {
    expect(() => createHostPolicy([name], () => false)).toThrow('hosts: ');
  });
});
