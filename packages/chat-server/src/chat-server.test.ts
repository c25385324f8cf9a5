import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, expect, it } from 'vitest';
import { type ChatServer, createChatServer } from './chat-server.js';

const place = { name: 'Yard', runBy: 'Ada', registration: 'open', version: '0.0.0' } as const;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let server: ChatServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

it.each(['', '127.0.0.1'])('the server listens on the port that it was given, with the host %j', async (host) => {
  server = await createChatServer({
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    accounts: new MemoryAccounts(),
    place,
    log: silent,
  });
  const wanted = await freePort();
  const { port } = await server.listen({ port: wanted, host });
  expect(port).toBe(wanted);
  expect((await fetch(`http://127.0.0.1:${wanted}/healthz`)).status).toBe(200);
});
