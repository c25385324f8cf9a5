import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireClient } from '@everywire/client';
import { expect, it } from 'vitest';

// Tests that `status.attempts` shows what an intermediary answered instead of the server, whatever the transport.

// Without 407, which `fetch` reports as a failed connection.
const refusals = [
  [401, 'gate'],
  [429, 'gate'],
  [431, undefined],
  [503, 'gate'],
  [204, undefined],
  [200, undefined],
] as const;

it.each(
  (['fetch-stream', 'event-stream', 'long-poll', 'short-poll'] as const).flatMap((transport) =>
    refusals.map(([status, code]) => [transport, status, code] as const),
  ),
)('a failed attempt of %s has the status %i and the code %s of its answer', async (transport, status, code) => {
  const gate = createServer((_request, response) => {
    response.writeHead(status, { connection: 'close' });
    response.end(code === undefined ? '<html>' : JSON.stringify({ code, text: 'No.' }));
  }).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const { port } = gate.address() as AddressInfo;
  const client = createWireClient(`http://127.0.0.1:${port}/everywire`, { transports: [transport] });
  const attempts = (): unknown => (client.status as { attempts?: unknown[] }).attempts?.[0];
  const facts = { transport, reason: 'refused', status, ...(code !== undefined && { code }) };
  await expect.poll(attempts, { timeout: 3_000 }).toMatchObject(facts);
  client.terminate();
  gate.closeAllConnections();
  gate.close();
});

it.each([
  ['an error without a code', new TypeError('no signal of this kind'), { message: 'no signal of this kind' }],
  ['a cause without a code', new TypeError('fetch failed', { cause: new Error('bad port') }), { message: 'bad port' }],
  ['a cause without a text', new TypeError('fetch failed', { cause: new Error('') }), { message: 'fetch failed' }],
  ['a long error', new Error('x'.repeat(1_000)), { message: 'x'.repeat(200) }],
  ['a code', Object.assign(new Error('offline'), { code: 'ENETDOWN' }), { code: 'ENETDOWN' }],
  ['a text', 'offline', {}],
  ['nothing', undefined, {}],
])('a failed attempt of any HTTP transport states why fetch rejected with %s', async (_what, error, facts) => {
  for (const transport of ['fetch-stream', 'event-stream', 'long-poll', 'short-poll'] as const) {
    const fetch = (): Promise<Response> => Promise.reject(error);
    const client = createWireClient('http://127.0.0.1/everywire', { transports: [transport], fetch });
    const attempts = (): unknown => (client.status as { attempts?: unknown[] }).attempts?.[0];
    await expect
      .poll(attempts, { timeout: 3_000 })
      .toEqual({ transport, reason: 'refused', at: expect.any(Number), ...facts });
    client.terminate();
  }
});
