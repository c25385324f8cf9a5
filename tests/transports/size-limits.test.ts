import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireClient, type Status, type TransportName, type WireClient } from '@everywire/client';
import { createWireServer, type WireServer } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { SizeLimit, type SizeLimitOptions } from './size-limit.js';

const DEADLINE_MS = 40_000;
const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** A client behind the limit, and what the server's application got. */
interface Talk {
  readonly client: WireClient;
  readonly limit: SizeLimit;
  readonly server: WireServer;
  readonly got: (string | Uint8Array)[];
  readonly states: Status['state'][];
  until(fact: () => boolean): Promise<void>;
}

async function talk(transports: readonly TransportName[], options: SizeLimitOptions): Promise<Talk> {
  const got: (string | Uint8Array)[] = [];
  let look = (): void => undefined;
  const server = createWireServer({
    limits: { messageBytesMax: 1_048_576, tickMs: 10 },
    onSession: (session) => {
      session.onMessage = (data) => {
        got.push(data);
        look();
      };
    },
  });
  const http = createServer((_asked, answer) => answer.writeHead(404).end());
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  server.attach(http);
  const limit = await SizeLimit.start((http.address() as AddressInfo).port, options);
  const client = createWireClient(`http://127.0.0.1:${limit.port}/everywire`, { transports, shortPollMs: 80 });
  const states: Status['state'][] = [];
  client.addEventListener('statuschange', () => {
    if (states.at(-1) !== client.status.state) states.push(client.status.state);
    look();
  });
  ended.push(
    () => new Promise((done) => http.close(done)),
    () => server.close({ deadlineMs: 0 }),
    () => limit.stop(),
    () => client.terminate(),
  );
  const until = (fact: () => boolean): Promise<void> =>
    new Promise((done, failed) => {
      const timer = setTimeout(
        () => failed(new Error(`${got.length} came, ${JSON.stringify(client.status)}`)),
        DEADLINE_MS,
      );
      look = () => {
        if (!fact()) return;
        clearTimeout(timer);
        done();
      };
      look();
    });
  return { client, limit, server, got, states, until };
}

/** A text of so many bytes, none of them beside each other the same. */
function text(bytes: number, seed: number): string {
  const words = `${seed} "quoted" 你好 `;
  return words.repeat(Math.ceil(bytes / 10)).slice(0, Math.max(1, Math.floor(bytes / 1.6)));
}

const bytes = (length: number, seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, at) => (at * 7 + seed) & 255);

const sent = (large: number): readonly (string | Uint8Array<ArrayBuffer>)[] => [
  text(20, 1),
  text(3000, 2),
  bytes(3000, 3),
  text(large, 4),
  'b',
  bytes(large, 5),
  text(20, 6),
];

async function allArrive(one: Talk, large: number): Promise<void> {
  const { client, got, until } = one;
  const messages = sent(large);
  // Until the server has stated its limits, the usual ones hold.
  if (large > 60_000) await until(() => client.status.state === 'open');
  for (const message of messages) client.send(message);
  await until(() => got.length >= messages.length);
  expect(got.map(plain)).toEqual(messages.map(plain));
}

/** Buffers and arrays of bytes are compared as one. */
const plain = (data: string | Uint8Array): string =>
  typeof data === 'string' ? data : Buffer.from(data).toString('hex');

const html = { status: '<html><h1>413 Request Entity Too Large</h1></html>' };
const ways: readonly TransportName[] = ['fetch-stream', 'event-stream', 'multipart-stream', 'long-poll', 'short-poll'];

describe('bodies above a limit of the network', { timeout: 60_000 }, () => {
  it.each(ways)('[SN-45] [SN-46] arrive in smaller ones beside %s', async (way) => {
    const one = await talk([way], { bytesMax: 2048, refusal: html });
    await allArrive(one, 30_000);
    expect(one.limit.refused).toBeGreaterThan(2);
    expect(one.limit.refused).toBeLessThan(25);
    expect(one.states).not.toContain('blocked');
  });

  it.each([1000, 2000, 64_000, 1_024_000])('[SN-46] find a limit of %i bytes', async (bytesMax) => {
    const one = await talk(['fetch-stream'], { bytesMax, refusal: { status: '' } });
    await allArrive(one, bytesMax > 500_000 ? 1_000_000 : 20_000);
    expect(one.limit.passedBytes).toBeGreaterThan(bytesMax / 3);
  });

  it.each(ways.filter((way) => way !== 'multipart-stream'))(
    '[SN-46] that cuts them, beside %s',
    { tags: [] },
    async (way) => {
      const one = await talk([way], { bytesMax: 2048, refusal: 'cut' });
      await allArrive(one, 20_000);
    },
  );

  it.each([{ replays: true }, { withholds: true }])('[SN-45] that does more: %o', async (more) => {
    const one = await talk(['fetch-stream', 'long-poll'], {
      bytesMax: 2048,
      refusal: { status: '{"code":"x"}' },
      ...more,
    });
    await allArrive(one, 10_000);
  });

  it('[SN-46] that comes and goes', async () => {
    const one = await talk(['long-poll'], { bytesMax: 1e9, refusal: html });
    await allArrive(one, 10_000);
    one.limit.options.bytesMax = 1500;
    one.got.length = 0;
    await allArrive(one, 10_000);
    one.limit.options.bytesMax = 1e9;
    one.got.length = 0;
    await allArrive(one, 10_000);
  });

  it.each([html, 'cut'] as const)('[SN-46] that nothing passes is said, and nothing is lost: %o', async (refusal) => {
    const one = await talk(['fetch-stream'], { bytesMax: 1e9, refusal });
    one.client.send('first');
    await one.until(() => one.got.length === 1);
    one.limit.options.bytesMax = 300;
    const from = performance.now();
    one.client.send(text(2000, 2));
    await one.until(() => one.client.status.state === 'blocked');
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(one.client.status).toMatchObject({ reason: 'too_large' });
    expect(one.client.bufferedAmount).toBeGreaterThan(1000);
    one.limit.options.bytesMax = 1e9;
    await one.until(() => one.got.length === 2 && one.client.status.state === 'open');
  });
});
