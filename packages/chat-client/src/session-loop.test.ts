import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it, vi } from 'vitest';
import type { ChatClient, ChatSnapshot } from './chat-client.js';
import { createChatClient } from './create-chat-client.js';

// Tests how a client reconnects: the pauses between sessions, and what ends a pause early.

const me = { id: 1, name: 'ann', displayName: 'Ann' };

/** Resolves with the snapshot after the next change. */
const nextConnection = (client: ChatClient): Promise<ChatSnapshot> =>
  new Promise((resolve) => {
    const end = client.subscribe(() => {
      end();
      resolve(client.getSnapshot());
    });
  });

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each(['online', 'visibilitychange'])('[pain 5] the pause before the next session ends on %s', async (event) => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('document', document);
  // The pause between two sessions never ends here.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked: (() => void)[] = [];
  const token = vi.fn(async () => {
    asked.shift()?.();
    throw new Error('The host is away.');
  });
  const client = createChatClient({ url: 'http://127.0.0.1:9', me, token });
  const waiting = (): Promise<void> =>
    new Promise((resolve) => {
      const end = client.subscribe(() => {
        if (client.getSnapshot().connection.state !== 'waiting') return;
        end();
        resolve();
      });
    });
  await waiting();
  expect(token).toHaveBeenCalledOnce();
  const again = new Promise<void>((resolve) => asked.push(resolve));
  const nextPause = waiting();
  for (const target of [window, document]) target.dispatchEvent(new Event(event));
  await again;
  await nextPause;
  expect(token).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
  await client.close();
});

it.each([
  ['at most', 1 - Number.EPSILON, [600, 1_200, 2_400, 4_800, 9_600, 19_200, 30_000, 30_000]],
  ['at least', 0, [300, 600, 1_200, 2_400, 4_800, 9_600, 15_000, 15_000]],
])('the pause between sessions that fail grows up to half a minute and is %s this long', async (_, random, pauses) => {
  vi.spyOn(Math, 'random').mockReturnValue(random);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const token = async () => {
    throw new Error('The host is away.');
  };
  const client = createChatClient({ url: 'http://127.0.0.1:9', me, token });
  const seen: number[] = [];
  while (seen.length < pauses.length) {
    const { connection } = await nextConnection(client);
    if (connection.state !== 'waiting') continue;
    seen.push(Math.round(connection.retryAt - connection.since));
    client.retryNow();
  }
  expect(seen).toEqual(pauses);
  vi.useRealTimers();
  await client.close();
});

it('each session uses the chosen transport', async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    const body = JSON.parse(await text(request)) as { readonly nonce: string };
    response.end(JSON.stringify({ t: 'refused', code: 'unauthorized', nonce: body.nonce }));
  });
  server.on('upgrade', (request, socket) => {
    asked.push(request.url ?? '');
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createChatClient({ url: `http://127.0.0.1:${port}`, me, token: async () => 'of the host' });
  client.useTransport('long-poll');
  for (let sessions = 1; sessions <= 2; sessions += 1) {
    while ((await nextConnection(client)).connection.state !== 'waiting');
    expect([asked.length >= sessions, new Set(asked)]).toEqual([true, new Set(['/everywire/open'])]);
    client.retryNow();
  }
  await client.close();
  server.closeAllConnections();
  server.close();
});

it('[SN-42.4] no further session is opened if the server speaks another wire version', async () => {
  const opens: string[] = [];
  const server = createServer(async (request, response) => {
    opens.push(request.url ?? '');
    const { nonce } = JSON.parse(await text(request)) as { readonly nonce: string };
    response.end(JSON.stringify({ t: 'refused', code: 'wire_version', nonce }));
  }).listen(0);
  await once(server, 'listening');
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createChatClient({ url, me, token: 'good', transport: 'long-poll' });
  await vi.waitFor(() => expect(client.getSnapshot().connection.state).toBe('closed'), 20_000);
  expect(client.getSnapshot().connection).toMatchObject({ verdict: { code: 'wire_version' } });
  expect(opens).toEqual(['/everywire/open']);
  await client.close();
  server.close();
});
