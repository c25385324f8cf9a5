import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TransportName } from '@everywire/client';
import { afterEach, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { asPromised, Conversation, TEST_TIMEOUT_MS } from './conversation.js';

const names: readonly TransportName[] = ['event-stream', 'fetch-stream', 'multipart-stream', 'long-poll', 'short-poll'];
const ways = names.flatMap((name) => [true, false].map((keepsAlive) => ({ name, keepsAlive })));

let talk: Conversation;
const closing: (() => void)[] = [];
afterEach(async () => {
  await talk.stop();
  for (const close of closing.splice(0)) close();
});

/** What an old proxy has observed: requests, the connections that it opened for them, and the heads of answers. */
interface Seen {
  requests: number;
  connections: number;
  readonly heads: string[];
}

/** Creates an old proxy that forwards every request in HTTP/1.0, and passes the answer on unchanged. */
async function createOldProxy(serverPort: number, keepsAlive: boolean, seen: Seen): Promise<number> {
  const proxy = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    seen.connections += 1;
    for (const socket of [client, server] as Socket[]) socket.on('error', () => undefined);
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    server.on('data', (chunk: Buffer) => {
      if (chunk.toString('latin1', 0, 5) === 'HTTP/')
        seen.heads.push(chunk.toString('latin1').split('\r\n\r\n')[0] ?? '');
      client.write(chunk);
    });
    client.on(
      'data',
      splitRequests(
        (head) => {
          seen.requests += 1;
          const old = head.replace(/ HTTP\/1\.1\r\n/, ' HTTP/1.0\r\n').replace(/^connection: .*\r\n/im, '');
          server.write(keepsAlive ? old.replace(/\r\n$/, 'Connection: keep-alive\r\n\r\n') : old);
        },
        (body) => void server.write(body),
      ),
    );
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  closing.push(() => proxy.close());
  return (proxy.address() as AddressInfo).port;
}

/** Returns a function that parses requests whose bodies have a length, from chunks of any size. */
function splitRequests(onHead: (head: string) => void, onBody: (part: Buffer) => void): (chunk: Buffer) => void {
  let waiting = Buffer.alloc(0);
  let bodyBytes = 0;
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const body = waiting.subarray(0, bodyBytes);
      if (body.length > 0) onBody(body);
      bodyBytes -= body.length;
      waiting = waiting.subarray(body.length);
      const end = waiting.indexOf('\r\n\r\n');
      if (bodyBytes > 0 || end < 0) return;
      const head = waiting.toString('latin1', 0, end + 4);
      waiting = waiting.subarray(end + 4);
      bodyBytes = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      onHead(head);
    }
  };
}

for (const { name, keepsAlive } of ways) {
  const options = { timeout: TEST_TIMEOUT_MS, tags: wideUnless(name === 'long-poll' && !keepsAlive) };
  it(
    `[P20] [SN-1] [SN-2] a conversation survives cuts in HTTP/1.0 by ${name}, kept alive: ${keepsAlive}`,
    options,
    async () => {
      const seen: Seen = { requests: 0, connections: 0, heads: [] };
      talk = await Conversation.start([name], { before: (port) => createOldProxy(port, keepsAlive, seen) });
      talk.at(80, () => void talk.proxy.cutNow('reset'));
      talk.at(160, () => void talk.proxy.cutNow('end'));
      talk.at(240, () => void talk.proxy.inject({ kind: 'cut', how: 'reset', afterBytes: 700, times: 2 }));
      await talk.finish();
      expect(talk.outcome).toEqual(asPromised);
      expect(talk.transports).toEqual([name]);
      expect(seen.heads.filter((head) => /^transfer-encoding:/im.test(head))).toEqual([]);
      expect(seen.requests).toBeGreaterThan(10);
      if (keepsAlive) expect(seen.connections).toBeLessThan(seen.requests);
      else expect(seen.connections).toBe(seen.requests);
    },
  );
}
