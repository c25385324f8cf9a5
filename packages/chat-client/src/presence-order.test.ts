import { createChatServer } from '@everywire/chat-server';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, expect, it, vi } from 'vitest';
import { createChatClient } from './create-chat-client.js';
import { RequestChannel } from './request-channel.js';
import { register } from './sign-in.js';

afterEach(() => void vi.restoreAllMocks());

it('[CM-13.6] a presence change is kept when the answer before it arrives in the same tick', async () => {
  const server = await createChatServer({
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    accounts: new MemoryAccounts(),
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    passwordCost: { memoryKib: 256, passes: 1 },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const ann = createChatClient({ url, ...(await register(url, { name: 'ann', password: 'correct horse' })) });
  const { id } = (await register(url, { name: 'bo', password: 'correct horse' })).me;
  try {
    await expect.poll(() => ann.getSnapshot().connection.state, { timeout: 10_000 }).toBe('open');
    const ask = RequestChannel.prototype.ask;
    const learned: string[] = [];
    vi.spyOn(RequestChannel.prototype, 'ask').mockImplementation(function (this: RequestChannel, request) {
      const { wire } = this;
      const { onmessage } = wire;
      if (request.command !== 'watchPresence') return ask.call(this, request) as never;
      wire.onmessage = (message) => {
        onmessage?.call(wire, message);
        // Answers to earlier requests may arrive first.
        if (!/"presence":\[\{/.test(String(message.data))) return;
        wire.onmessage = onmessage;
        const presence = { user: id, state: 'online', lastSeenAt: null };
        onmessage?.call(wire, { data: JSON.stringify({ event: 'presence', presence }) } as MessageEvent);
      };
      return ask.call(this, request) as never;
    });
    ann.watchPresence([id], () => void learned.push(ann.presence(id).state));
    // `unknown` is reported where the listener is called before the answer.
    const known = () => learned.filter((state) => state !== 'unknown');
    await expect.poll(known, { timeout: 10_000 }).toEqual(['away', 'online']);
  } finally {
    await ann.close();
    await server.close({ deadlineMs: 500 });
  }
}, 60_000);
