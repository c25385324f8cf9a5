import type { Server } from 'node:http';
import { createServer as createHttp2, createSecureServer as createSecureHttp2 } from 'node:http2';
import { createWireServer } from '@everywire/server';
import { describe, expect, it } from 'vitest';

describe('attach', () => {
  it('attach refuses servers of HTTP/2 and names the supported ones', () => {
    const wire = createWireServer({ onSession: () => undefined });
    for (const server of [createHttp2(), createSecureHttp2({ allowHTTP1: true })])
      expect(() => wire.attach(server as unknown as Server)).toThrow(
        new TypeError('attach: a server of HTTP/2 is not supported; use a server of node:http or node:https'),
      );
  });
});

describe('settings', () => {
  it.each([
    [{ path: 'everywire' }, /^path/],
    [{ path: '/' }, /^path/],
    [{ path: '/x/' }, /^path/],
    [{ origins: ['*'] }, /^origins/],
    [{ limits: { tickMs: 0 } }, /limits\.tickMs/],
    [{ limits: { messageBytesMax: Number.POSITIVE_INFINITY } }, /limits\.messageBytesMax/],
    [{ limits: { messageBytesMax: 4 << 20 } }, /limits\.down\.bytes/],
    [{ limits: { bufferMessagesMax: 256 } }, /limits\.bufferMessagesMax/],
    [{ limits: { bufferBytesMax: 1 << 20 } }, /limits\.bufferBytesMax/],
    [{ limits: { bodyBytesMax: 65_536 } }, /limits\.bodyBytesMax/],
  ])('wrong settings are refused by name: %j', (options, message) => {
    expect(() => createWireServer({ onSession: () => undefined, ...options })).toThrow(message);
  });
});
