import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWireServer, type WireServerOptions } from '@everywire/server';
import { expect, it, onTestFinished } from 'vitest';
import { listen, post } from './hand-client.js';

// Tests the address of a client that a proxy reports in a header, from the request to `authenticate`.

/** Options of a server that keeps the addresses which `authenticate` gets. */
function keeping(trustedProxies: readonly string[]): { options: WireServerOptions; addresses: string[] } {
  const addresses: string[] = [];
  const options: WireServerOptions = {
    trustedProxies,
    hosts: ['chat.example.org'],
    onSession: () => undefined,
    authenticate: ({ remoteAddress }) => {
      addresses.push(remoteAddress);
      return { subject: 'ann' };
    },
  };
  return { options, addresses };
}

const OPEN = { t: 'open', version: 2, nonce: 'a nonce of this test' };

it.each([
  ['203.0.113.7:50123', '203.0.113.7', []],
  ['198.51.100.1, "[2001:db8::1]:443", , 127.0.0.1:80', '2001:db8::1', []],
  ['198.51.100.1, unknown', '127.0.0.1', ['A trusted proxy reported "unknown" in X-Forwarded-For']],
  [`${'x'.repeat(300)}`, '127.0.0.1', [`A trusted proxy reported "${'x'.repeat(64)}" in X-Forwarded-For`]],
])('a client that a proxy reports as %s has the address %s', async (forwardedFor, address, notices) => {
  const { options, addresses } = keeping(['127.0.0.1']);
  const server = await listen(options);
  onTestFinished(() => server.end());
  for (const nonce of ['the nonce of one client', 'the nonce of another'])
    await post(`${server.base}/open`, { ...OPEN, nonce }, { 'x-forwarded-for': forwardedFor });
  expect(addresses).toEqual([address, address]);
  expect(server.notices.map(({ code }) => code)).toEqual(notices.map(() => 'forwarded_invalid'));
  for (const [at, text] of notices.entries()) expect(server.notices[at]?.text).toContain(text);
});

it.each([
  [['unix'], 200, ['203.0.113.7']],
  [['127.0.0.1'], 421, []],
])('a proxy over a Unix socket is trusted if `trustedProxies` is %j', async (trustedProxies, status, expected) => {
  const { options, addresses } = keeping(trustedProxies);
  const directory = await mkdtemp(join(tmpdir(), 'everywire-'));
  const socketPath = join(directory, 'wire.sock');
  const wire = createWireServer(options);
  const http = createServer();
  wire.attach(http);
  http.listen(socketPath);
  await once(http, 'listening');
  onTestFinished(async () => {
    await wire.close({ deadlineMs: 0 });
    http.closeAllConnections();
    http.close();
    await rm(directory, { recursive: true });
  });
  // nginx names its upstream in `Host` unless it is configured.
  const headers = { host: 'upstream.example', 'x-forwarded-for': '203.0.113.7', 'content-type': 'text/plain' };
  const asking = request({ socketPath, path: '/everywire/open', method: 'POST', headers });
  asking.end(JSON.stringify(OPEN));
  const [answer] = await once(asking, 'response');
  expect([answer.statusCode, addresses]).toEqual([status, expected]);
});
