import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { asPromised, Conversation, TEST_TIMEOUT_MS } from './conversation.js';

let talk: Conversation;
const closing: (() => void)[] = [];
afterEach(async () => {
  await talk.stop();
  for (const close of closing.splice(0)) close();
});

/** How often a POST met a closing connection, by whether the server received it. */
interface Met {
  lost: number;
  delivered: number;
}

/**
 * Creates a balancer that has just closed each idle connection when its second upstream POST arrives: in turns the POST
 * is lost, or delivered and its answer lost.
 */
async function createClosingProxy(serverPort: number, met: Met): Promise<number> {
  const proxy = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    let posts = 0;
    const end = (socket: Socket): void => void socket.on('error', () => undefined).on('close', () => socket.destroy());
    end(client);
    end(server);
    server.on('close', () => client.destroy());
    client.on('close', () => server.end());
    server.pipe(client);
    client.on('data', (chunk: Buffer) => {
      if (chunk.includes('POST /everywire/up ')) posts += 1;
      if (posts < 2) {
        server.write(chunk);
        return;
      }
      const delivers = (met.lost + met.delivered) % 2 === 1;
      met[delivers ? 'delivered' : 'lost'] += 1;
      server.unpipe(client);
      client.resetAndDestroy();
      if (delivers) server.end(chunk);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  closing.push(() => proxy.close());
  return (proxy.address() as AddressInfo).port;
}

describe('a POST that meets the end of an idle connection', { timeout: TEST_TIMEOUT_MS }, () => {
  it.each(['long-poll', 'fetch-stream'] as const)(
    '[SN-7.8] [TR-22.6] a POST on a connection that is just being closed is sent again and has one effect, %s',
    async (name) => {
      const met = { lost: 0, delivered: 0 };
      talk = await Conversation.start([name], { before: (port) => createClosingProxy(port, met) });
      await talk.finish();
      expect(talk.outcome).toEqual(asPromised);
      expect(Math.min(met.lost, met.delivered)).toBeGreaterThan(0);
    },
  );
});
