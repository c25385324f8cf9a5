import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createOriginPolicy } from './origin-policy.js';

// Tests `createOriginPolicy`, which decides from the Origin header which web sites may use the server: its own, those
// in the setting `origins`, and clients that send no Origin.

function request(headers: Record<string, string>, encrypted = false): IncomingMessage {
  return { headers, socket: { encrypted } } as unknown as IncomingMessage;
}

describe('createOriginPolicy', () => {
  const policy = createOriginPolicy(['https://app.example.org', 'http://localhost:5173']);

  it.each([
    ['the same origin', { origin: 'http://chat.example.org', host: 'chat.example.org' }, false, 'same'],
    [
      'the same origin with a port',
      { origin: 'http://chat.example.org:8088', host: 'chat.example.org:8088' },
      false,
      'same',
    ],
    ['a host in capitals', { origin: 'http://chat.example.org', host: 'Chat.Example.org' }, false, 'same'],
    ['a default port written out', { origin: 'https://chat.example.org', host: 'chat.example.org:443' }, true, 'same'],
    ['a listed origin', { origin: 'https://app.example.org', host: 'chat.example.org' }, false, 'cross'],
    ['no origin at all', { host: 'chat.example.org' }, false, 'absent'],
  ])('[TR-7.1] [TR-7.2] the origin policy accepts %s', (_name, headers, encrypted, kind) => {
    expect(policy.check(request(headers as Record<string, string>, encrypted)).kind).toBe(kind);
  });

  it.each([
    ['another port', { origin: 'http://chat.example.org:81', host: 'chat.example.org' }],
    ['another scheme', { origin: 'https://chat.example.org', host: 'chat.example.org' }],
    ['a suffix', { origin: 'https://app.example.org.evil.tld', host: 'chat.example.org' }],
    ['a prefix', { origin: 'https://evil-app.example.org', host: 'chat.example.org' }],
    ['a subdomain', { origin: 'https://x.app.example.org', host: 'chat.example.org' }],
    ['null', { origin: 'null', host: 'chat.example.org' }],
    ['an empty one', { origin: '', host: '' }],
    ['two in one header', { origin: 'https://app.example.org, http://localhost:5173', host: 'chat.example.org' }],
    ['another case', { origin: 'https://APP.example.org', host: 'chat.example.org' }],
  ])('[TR-7.3] the origin policy refuses %s', (_name, headers) => {
    expect(policy.check(request(headers)).kind).toBe('refused');
  });

  it.each([
    '*',
    'null',
    'https://app.example.org/',
    'app.example.org',
    'https://App.example.org',
    'https://*.example.org/x',
  ])('createOriginPolicy throws for the setting %s', (origin) => {
    expect(() => createOriginPolicy([origin])).toThrow(/^origins: /);
  });
});
