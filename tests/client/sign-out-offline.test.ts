import 'fake-indexeddb/auto';
import {
  type ChatClient,
  createChatClient,
  register,
  type SignedIn,
  signIn,
  type Timeline,
} from '@everywire/chat-client';
import { type ChatServer, createChatServer } from '@everywire/chat-server';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit/internal';
import { afterEach, beforeEach, expect, it } from 'vitest';

const password = 'correct horse battery';
const clients: ChatClient[] = [];
let server: ChatServer;
let proxy: FaultProxy;
let url: string;

beforeEach(async () => {
  server = await createChatServer({
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    accounts: new MemoryAccounts(),
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    passwordCost: { memoryKib: 256, passes: 1 },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  proxy = await createFaultProxy(port);
  url = `http://127.0.0.1:${proxy.port}`;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await proxy.close();
  await server.close({ deadlineMs: 100 });
});

/** Opens a client of a user, through the proxy. */
function connect({ me, token }: SignedIn): ChatClient {
  const client = createChatClient({ url, me, token });
  clients.push(client);
  return client;
}

const texts = (timeline: Timeline): readonly string[] =>
  timeline.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row.text] : []));

it('a message and a draft that were discarded by signing out offline do not appear once the network is back', async () => {
  const account = await register(url, { name: 'ann', password });
  const ann = connect(account);
  const group = await ann.createGroup('Lake', []);
  proxy.inject({ kind: 'refuse' });
  proxy.cutNow('reset');
  await expect.poll(() => ann.getSnapshot().connection.state, { timeout: 20_000 }).not.toBe('open');
  const timeline = ann.openTimeline(group);
  timeline.setDraft('disc');
  timeline.setDraft('discarded');
  timeline.send('discarded');
  await expect(ann.signOut()).rejects.toMatchObject({ code: 'offline' });
  proxy.lift();
  ann.retryNow();
  const again = connect(await signIn(url, { name: 'ann', password }));
  const read = again.openTimeline(group);
  read.send('after');
  await expect
    .poll(() => texts(read).includes('after') && read.getSnapshot().rows.at(-1), { timeout: 20_000 })
    .toMatchObject({
      receipt: { state: 'sent' },
    });
  expect(texts(read)).toEqual(['after']);
  expect(again.getSnapshot().conversations.map(({ draft }) => draft)).toEqual(['']);
});
