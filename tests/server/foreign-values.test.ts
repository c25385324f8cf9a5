import { runInNewContext } from 'node:vm';
import { createWireClient, type WireClient } from '@everywire/client';
import type { WireServerOptions } from '@everywire/server';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { eventually, listen } from './hand-client.js';

// Values of an application that are not of our classes: promises and bytes of another realm or library. A server of another copy of the
// package is in `tests/install`.

const foreign = runInNewContext(
  '({ promise: (value) => Promise.resolve(value), bytes: () => new Uint8Array([1, 2]), buffer: () => new Uint8Array([1, 2]).buffer, view: () => new DataView(new Uint8Array([9, 1, 2]).buffer, 1) })',
) as { promise<T>(value: T): Promise<T>; bytes(): Uint8Array; buffer(): ArrayBuffer; view(): DataView };

/** A promise as of a query builder: it has `then` alone. */
const queried = <T>(value: T): Promise<T> =>
  ({
    // biome-ignore lint/suspicious/noThenProperty: that is what a query builder is.
    then: (resolve: (value: T) => unknown) => void setImmediate(resolve, value),
  }) as unknown as Promise<T>;

const NativePromise = globalThis.Promise;
afterEach(() => {
  globalThis.Promise = NativePromise;
});

async function connect(options: Partial<WireServerOptions>, transport: 'websocket' | 'long-poll'): Promise<WireClient> {
  const server = await listen(options);
  onTestFinished(() => server.end());
  const client = createWireClient(server.base, { transports: [transport], token: () => 'token' });
  onTestFinished(() => client.terminate());
  return client;
}

describe.each([
  ['another realm', foreign.promise],
  ['a query builder', queried],
  ['a replaced global', <T>(value: T) => Promise.resolve(value)],
] as const)('the promises of %s', (name, promise) => {
  it.each(['websocket', 'long-poll'] as const)('foreign promises are awaited, by %s', async (transport) => {
    // As zone.js, OpenTelemetry or bluebird do.
    if (name === 'a replaced global') globalThis.Promise = class Replaced<T> extends NativePromise<T> {} as never;
    const client = await connect(
      {
        authenticate: ({ token }) => promise(token === 'token' ? { subject: 'ann' } : null),
        policy: (_, { kind }) => promise(kind === 'message' ? 'refused by the policy' : true),
        onSession: (session) => {
          session.onRequest = (data) => promise(`${session.claims.subject} ${data}`);
          return promise(undefined);
        },
      },
      transport,
    );
    client.onrequest = () => promise('pong');
    expect(await client.request('x')).toBe('ann x');
    await expect(client.send('y', { until: 'peer' })).rejects.toMatchObject({ code: 'refused by the policy' });
  });
});

it.each([
  ['bytes', foreign.bytes],
  ['a buffer', foreign.buffer],
  ['a view', foreign.view],
])('%s of another realm are taken everywhere', async (_, make) => {
  const got: unknown[] = [];
  const client = await connect(
    {
      onSession: async (session) => {
        session.join('a');
        session.onRequest = () => make();
        session.onMessage = (data) => {
          session.send(make());
          session.request('back').then((reply) => got.push(data, reply));
        };
      },
    },
    'websocket',
  );
  client.binaryType = 'arraybuffer';
  client.onrequest = () => make();
  client.onmessage = ({ data }) => got.push(new Uint8Array(data));
  client.send(make());
  expect(await client.request(make())).toEqual(Uint8Array.of(1, 2));
  await eventually(() => got.length === 3);
  expect(got).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 2), Uint8Array.of(1, 2)]);
});
