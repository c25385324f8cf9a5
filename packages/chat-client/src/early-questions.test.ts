import { createChatServer } from '@everywire/chat-server';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, expect, it, vi } from 'vitest';
import type { ChatClient } from './chat-client.js';
import { createChatClient } from './create-chat-client.js';
import { register } from './sign-in.js';

afterEach(() => void vi.useRealTimers());

const password = 'correct horse battery';

/** Starts a server. */
async function start() {
  const server = await createChatServer({
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    accounts: new MemoryAccounts(),
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    passwordCost: { memoryKib: 8_192, passes: 1 },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${port}`, end: () => server.close({ deadlineMs: 500 }) };
}

it('all requests made before a session is open are answered', async ({ onTestFinished }) => {
  const { url, end } = await start();
  onTestFinished(end);
  const [ann, bo] = [await register(url, { name: 'ann', password }), await register(url, { name: 'bo', password })];
  const creator = createChatClient({ url, ...bo });
  const group = await creator.createGroup('Lake', [ann.me.id]);
  const early = createChatClient({ url, ...ann });
  onTestFinished(async () => {
    await Promise.all([creator.close(), early.close()]);
  });
  const [{ people }, { members }, { groups }, { blocked }] = await Promise.all([
    early.people('bo', null),
    early.members(group, null),
    early.groups.directory('', null),
    early.privacy.get(),
  ]);
  expect([people.map(({ id }) => id), members.length, groups, blocked]).toEqual([[bo.me.id], 2, [], []]);
});

it('a client that never reached a server closes without waiting', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const me = { id: 1, name: 'ann', displayName: 'Ann' };
  let client: ChatClient | undefined;
  await new Promise<void>((begun) => {
    const token = async () => {
      begun();
      return 'none';
    };
    client = createChatClient({ url: 'http://127.0.0.1:9', me, token });
  });
  // Session timers do not fire here: waiting for one would never end.
  await client?.close();
});

it('a request that waits for a session fails with `offline` when the client is closed', async ({ onTestFinished }) => {
  const { url, end } = await start();
  onTestFinished(end);
  const signedIn = await register(url, { name: 'ann', password });
  const client = createChatClient({ ...signedIn, url: 'http://127.0.0.1:9' });
  const asked = client.people('bo', null).catch((error: unknown) => error);
  await client.close();
  expect(await asked).toMatchObject({ code: 'offline', retryable: true });
});
