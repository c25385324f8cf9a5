import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createHostPolicy, parseHostName } from './host-policy.js';

function allows(names: readonly string[], host: string | undefined, remoteAddress = '192.0.2.1'): boolean {
  const policy = createHostPolicy(names, (address) => address === '10.0.0.1');
  return policy({ headers: { host }, socket: { remoteAddress } } as unknown as IncomingMessage);
}

describe('the policy of hosts', () => {
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
  ])('allows %s', (host) => {
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
  ])('refuses %s', (host) => {
    expect(allows(['chat.example.org'], host)).toBe(false);
  });

  it('allows everything where it knows no name', () => {
    expect(allows([], 'evil.example')).toBe(true);
  });

  it('allows a trusted proxy to send a name of its own', () => {
    expect(allows(['chat.example.org'], 'backend.example.net', '10.0.0.1')).toBe(true);
  });

  it.each(['chat.example.org.', 'CHAT.example.org', 'chat.example.org'])(
    'knows the name %s in each of its forms',
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
  ])('writes %s as browsers send it', (text, name) => {
    expect(parseHostName(text)).toBe(name);
  });

  it.each([
    ...['https://chat.example.org', 'chat.example.org:80', 'chat.example.org:8443', 'chat.example.org/', 'a b', ''],
    ...['.', '*.example.org', 'user@example.org', '[::1]:80', '999.1.1.1', 'a%41'],
  ])('takes no name such as %j', (name) => {
    expect(() => createHostPolicy([name], () => false)).toThrow('hosts: ');
  });
});
