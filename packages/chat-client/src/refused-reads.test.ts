import { createChatServer } from '@everywire/chat-server';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, expect, it, vi } from 'vitest';
import { ChatFailure } from './chat-failure.js';
import { createChatClient } from './create-chat-client.js';
import { RequestChannel } from './request-channel.js';
import { register } from './sign-in.js';

afterEach(() => void vi.restoreAllMocks());

it.each(['watchPresence', 'people'] as const)(
  '%s is requested again after a retryable refusal',
  async (command) => {
    const server = await createChatServer({
      store: new MemoryStore({ epoch: '0123456789abcdef' }),
      accounts: new MemoryAccounts(),
      place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
      passwordCost: { memoryKib: 256, passes: 1 },
    });
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const url = `http://127.0.0.1:${port}`;
    const ann = createChatClient({ url, ...(await register(url, { name: 'ann', password: 'correct horse' })) });
    const bo = createChatClient({ url, ...(await register(url, { name: 'bo', password: 'correct horse' })) });
    try {
      await expect.poll(() => ann.getSnapshot().connection.state, { timeout: 10_000 }).toBe('open');
      const { id: other } = bo.getSnapshot().me;
      const ask = RequestChannel.prototype.ask;
      let refused = 0;
      vi.spyOn(RequestChannel.prototype, 'ask').mockImplementation(function (this: RequestChannel, request) {
        const isOther = request.command !== 'people' || request.ids.includes(other);
        if (request.command !== command || !isOther || refused > 0) return ask.call(this, request) as never;
        refused += 1;
        return Promise.reject(new ChatFailure('rate_limited', true));
      });
      await ann.createDirect(other);
      ann.watchPresence([other], () => undefined);
      const shown = () => [refused, ann.presence(other).state, ann.getSnapshot().conversations[0]?.title];
      await expect.poll(shown, { timeout: 20_000 }).toEqual([1, 'online', 'bo']);
    } finally {
      await Promise.all([ann.close(), bo.close()]);
      await server.close({ deadlineMs: 500 });
    }
  },
  60_000,
);
