import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createChatServer } from '@everywire/chat-server';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { expect, it } from 'vitest';
import type { ChatClient } from './chat-client.js';
import { createChatClient } from './create-chat-client.js';
import { register } from './sign-in.js';

// Tests that a client notices lost hints: live events that the server drops for a slow connection.

/** A proxy to `port` that can hold back what the server sends. */
async function openWay(port: number) {
  const pairs: { readonly up: Socket; readonly down: Socket }[] = [];
  const server = createServer((up) => {
    const down = connect(port, '127.0.0.1');
    for (const socket of [up, down]) socket.on('error', () => undefined);
    up.pipe(down).pipe(up);
    pairs.push({ up, down });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: () => {
      for (const { up, down } of pairs) down.unpipe(up).pause();
    },
    letGo: () => {
      for (const { up, down } of pairs) down.pipe(up);
    },
    close: () => server.close(),
  };
}

const preview = (client: ChatClient): string | undefined => client.getSnapshot().conversations[0]?.preview?.text;

it('[CH-16.2] a client requests what it missed soon after the server dropped hints', async () => {
  const server = await createChatServer({
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    accounts: new MemoryAccounts(),
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    passwordCost: { memoryKib: 8_192, passes: 1 },
    wire: { limits: { down: { messages: 8, bytes: 1_048_576 }, bufferMessagesMax: 16 } },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const way = await openWay(port);
  const password = 'correct horse battery';
  const [ann, bo] = [await register(url, { name: 'ann', password }), await register(url, { name: 'bo', password })];
  const slow = createChatClient({ url: way.url, ...ann });
  const writer = createChatClient({ url, ...bo });
  try {
    const timeline = writer.openTimeline(await writer.createDirect(ann.me.id));
    const snapshots: unknown[] = [writer.getSnapshot()];
    writer.subscribe(() => snapshots.push(writer.getSnapshot()));
    timeline.send('before');
    await expect.poll(() => preview(slow), { timeout: 10_000 }).toBe('before');
    way.hold();
    const rows = () => timeline.getSnapshot().rows.filter((row) => row.type === 'message' && row.sequence !== null);
    for (let said = 1; said <= 40; said += 1) {
      timeline.send(`message ${said}`);
      await expect.poll(() => rows().length, { timeout: 10_000, interval: 5 }).toBe(1 + said);
    }
    way.letGo();
    await expect.poll(() => preview(slow), { timeout: 10_000 }).toBe('message 40');
    // Seconds have passed, and listeners were called for each new snapshot.
    expect(snapshots.filter((snapshot, at) => snapshot === snapshots[at - 1])).toEqual([]);
  } finally {
    await Promise.all([slow.close(), writer.close()]);
    way.close();
    await server.close({ deadlineMs: 500 });
  }
}, 60_000);
