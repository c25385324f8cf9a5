import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { createChatClient } from './create-chat-client.js';
import { openDeviceStore } from './device-store.js';

// Tests that the drafts (unsent texts) of a client are stored on the device, also without a connection.

afterEach(() => void vi.restoreAllMocks());

const me = { id: 1, name: 'ann', displayName: 'Ann' } as const;
/** No server listens there. */
const url = 'http://127.0.0.1:9';
/** Returns the text of the stored draft; `undefined` if there is none. */
async function storedText(): Promise<string | undefined> {
  const store = await openDeviceStore(`everywire ${url} 1`);
  const { drafts } = await store.load();
  store.close();
  return drafts[0]?.text;
}

it('a draft is stored without a connection, and its last version on close', async () => {
  const client = createChatClient({ url, me, token: 'none' });
  const timeline = client.openTimeline(7);
  for (const text of ['h', 'ha', 'half']) timeline.setDraft(text);
  await expect.poll(storedText, { timeout: 2_000 }).toBe('half');
  timeline.setDraft('half a sentence');
  // Not awaited: the call stores the draft, not the end of the session.
  void client.close();
  await expect.poll(storedText, { timeout: 2_000 }).toBe('half a sentence');
});

it('signing out erases all data of the account, even if the server cannot be reached', async () => {
  const client = createChatClient({ url, me, token: 'none' });
  client.openTimeline(7).setDraft('half');
  await expect.poll(storedText, { timeout: 2_000 }).toBe('half');
  client.openTimeline(7).setDraft('half a sentence');
  await expect(client.signOut()).rejects.toMatchObject({ code: 'offline' });
  void client.close();
  expect(await storedText()).toBeUndefined();
});

it('full browser storage is reported until there is room', async () => {
  const client = createChatClient({ url, me, token: 'none' });
  const full = () => client.getSnapshot().storageFull;
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  client.openTimeline(7).setDraft('half');
  await expect.poll(full, { timeout: 2_000 }).toBe(true);
  put.mockRestore();
  client.openTimeline(7).setDraft('half a sentence');
  await expect.poll(full, { timeout: 2_000 }).toBe(false);
  expect(await storedText()).toBe('half a sentence');
  await client.close();
});

it('full browser storage is reported as long as one draft is not stored, even if another is', async () => {
  const client = createChatClient({ url, me, token: 'none' });
  const full = () => client.getSnapshot().storageFull;
  const text = (conversation: number) => async () => {
    const store = await openDeviceStore(`everywire ${url} 1`);
    const { drafts } = await store.load();
    store.close();
    return drafts.find((draft) => draft.conversation === conversation)?.text;
  };
  const { put } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (JSON.stringify(value).includes('a long story')) throw new DOMException('full', 'QuotaExceededError');
    return put.call(this, value, key);
  });
  client.openTimeline(8).setDraft('a long story');
  await expect.poll(full, { timeout: 2_000 }).toBe(true);
  client.openTimeline(9).setDraft('short');
  await expect.poll(text(9), { timeout: 2_000 }).toBe('short');
  expect([await text(8)(), full()]).toEqual([undefined, true]);
  client.openTimeline(8).setDraft('a story');
  await expect.poll(full, { timeout: 2_000 }).toBe(false);
  expect(await text(8)()).toBe('a story');
  await client.close();
});
