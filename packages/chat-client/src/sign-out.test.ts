import 'fake-indexeddb/auto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatServer } from '@everywire/chat-server';
import { DirectoryFiles } from '@everywire/files-directory';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createChatClient } from './create-chat-client.js';
import { deviceStoreName, openDeviceStore } from './device-store.js';
import { register } from './sign-in.js';

/** Starts a server with a signed-in user. `uploads` lists the files of unfinished uploads on the server. */
async function signedIn() {
  const directory = await mkdtemp(join(tmpdir(), 'everywire-sign-out-'));
  const store = new MemoryStore({ epoch: '0123456789abcdef' });
  const uploadsDirectory = join(directory, 'uploads');
  const server = await createChatServer({
    store,
    accounts: new MemoryAccounts(),
    place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
    passwordCost: { memoryKib: 8_192, passes: 1 },
    attachments: { files: await DirectoryFiles.open(join(directory, 'files')), records: store, uploadsDirectory },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const account = await register(url, { name: 'ann', displayName: 'Ann', password: 'correct horse battery' });
  const client = createChatClient({ url, ...account });
  onTestFinished(async () => {
    await client.close();
    await server.close({ deadlineMs: 500 });
    await rm(directory, { recursive: true });
  });
  await vi.waitFor(() => expect(client.getSnapshot().connection.state).toBe('open'), { timeout: 20_000 });
  /** Opens the same sign-in in another tab. */
  const another = () => {
    const other = createChatClient({ url, ...account });
    onTestFinished(() => other.close());
    return other;
  };
  return { client, another, uploads: () => readdir(uploadsDirectory, { recursive: true }) };
}

test('signing out during an upload removes the uploaded part at the server', async () => {
  const { client, uploads } = await signedIn();
  const before = await uploads();
  let signingOut: Promise<void> | null = null;
  const file = new File([new Uint8Array(6_000_000)], 'tides.bin');
  const uploading = client.upload(file, {
    onProgress: (sent) => {
      if (sent > 1_048_576) signingOut ??= client.signOut();
    },
  });
  await expect(uploading).rejects.toMatchObject({ code: 'interrupted' });
  await signingOut;
  expect(await uploads()).toEqual(before);
});

test('unsent messages and drafts that signing out would lose are counted', async () => {
  const { client } = await signedIn();
  expect(client.unsent()).toEqual({ messages: 0, drafts: 0 });
  const conversation = await client.createGroup('Tides', []);
  await client.close();
  const timeline = client.openTimeline(conversation);
  timeline.send('not sent');
  timeline.setDraft('not finished');
  expect(client.unsent()).toEqual({ messages: 1, drafts: 1 });
});

test('a client that ends because another one signs out erases its data and leaves the sign-in to the other', async () => {
  const { client, another } = await signedIn();
  const conversation = await client.createGroup('Tides', []);
  const other = another();
  other.openTimeline(conversation).setDraft('half');
  await other.signOut({ notifyServer: false });
  expect(other.unsent().messages).toBe(0);
  const later = another();
  await vi.waitFor(() => expect(later.getSnapshot().connection.state).toBe('open'), { timeout: 20_000 });
  expect([later.getSnapshot().signedOut, later.unsent()]).toEqual([false, { messages: 0, drafts: 0 }]);
});

test('signing out before the device was read erases its data', async () => {
  const url = 'http://127.0.0.1:9';
  const account = { me: { id: 7, name: 'ann', displayName: 'Ann' }, token: 'of nobody' };
  const drafts = async () => {
    const device = await openDeviceStore(deviceStoreName(url, account.me.id));
    const { drafts: kept } = await device.load();
    device.close();
    return kept.map(({ text }) => text);
  };
  const before = createChatClient({ url, ...account });
  before.openTimeline(3).setDraft('half');
  await vi.waitFor(async () => expect(await drafts()).toEqual(['half']), { timeout: 20_000 });
  await before.close();
  await createChatClient({ url, ...account })
    .signOut()
    .catch(() => undefined);
  await vi.waitFor(async () => expect(await drafts()).toEqual([]), { timeout: 20_000 });
});
