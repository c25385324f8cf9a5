import { afterEach, expect, it, vi } from 'vitest';
import { createWireClient } from './node/create-wire-client.js';
import { MemoryServer } from './test-kit/memory-server.js';
import type { WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

// Tests that a client does not ignore unknown names of options and transports: Node refuses them, a browser reports them.

afterEach(() => vi.unstubAllGlobals());

const create = (options: object) => (): unknown =>
  createWireClient('http://127.0.0.1:1/everywire', options as WireClientOptions);

it.each<readonly [options: unknown, text: string]>([
  [{ tokn: () => 'secret' }, 'tokn: is not an option; did you mean token?'],
  [{ transport: ['websocket'] }, 'did you mean transports?'],
  [
    { transports: ['websocket', 'longpoll'] },
    'transports: longpoll: is not an option; did you mean transports: long-poll?',
  ],
  [null, 'options: must be an object'],
  ...[0, -1, 1.5, 300_001, Number.NaN, Number.POSITIVE_INFINITY, '5'].map(
    (shortPollMs) => [{ shortPollMs }, 'shortPollMs: must be a whole number from 1 to 300000'] as const,
  ),
  ...[0, Number.NaN, '5'].map(
    (requestsMax) => [{ requestsMax }, 'requestsMax: must be a whole number from 1 to'] as const,
  ),
])('in Node %o is refused', (options, text) => {
  expect(create(options as object)).toThrow(text);
});

it('a browser reports unknown names and connects, and is silent about those of another platform', async () => {
  const reported: unknown[] = [];
  vi.stubGlobal('reportError', (error: unknown) => reported.push(String(error)));
  const server = new MemoryServer();
  const options = {
    tokn: 1,
    shortPollMs: -1,
    tcp: 'tcp://localhost:1',
    transports: ['websocket', 'htmlfile-stream', 'longpoll'],
  };
  const client = new WireSocket('http://test/everywire', server.table(), options as unknown as WireClientOptions);
  await vi.waitUntil(() => client.readyState === 1 && reported.length > 2);
  expect(reported).toEqual([
    'TypeError: tokn: no such option or transport',
    'TypeError: longpoll: no such option or transport',
    'RangeError: shortPollMs: must be a whole number from 1 to 300000',
  ]);
  client.terminate();
  server.stop();
});

it('calls reject options that they would ignore', async () => {
  const server = new MemoryServer();
  const client = new WireSocket('http://test/everywire', server.table(), {});
  await expect(client.send('a', { untl: 'peer' } as never)).rejects.toThrow('untl: no such option');
  await expect(client.send('a', { until: 'read' } as never)).rejects.toThrow('until: read is neither');
  await expect(client.request('a', { timeoutMS: 1 } as never)).rejects.toThrow('timeoutMS: no such option');
  client.terminate();
  server.stop();
});
