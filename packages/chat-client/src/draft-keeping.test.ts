import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { createChatClient } from './create-chat-client.js';
import { openDeviceStore } from './device-store.js';

afterEach(() => void vi.restoreAllMocks());

const me = { id: 1, name: 'ann', displayName: 'Ann' } as const;
/** Nobody answers there. */
const url = 'http://127.0.0.1:9';
async function kept(): Promise<string | undefined> {
  const store = await openDeviceStore(`everywire ${url} 1`);
  const { drafts } = await store.load();
  store.close();
  return drafts[0]?.text;
}

it('keeps a draft on the device without being closed or connected, and the last of it as it is closed', async () => {
  const client = createChatClient({ url, me, token: 'none' });
  const timeline = client.openTimeline(7);
  for (const text of ['h', 'ha', 'half']) timeline.setDraft(text);
  await expect.poll(kept, { timeout: 2_000 }).toBe('half');
  timeline.setDraft('half a sentence');
  // Not waited for: what keeps the draft is the call, not the end of the session.
  void client.close();
  await expect.poll(kept, { timeout: 2_000 }).toBe('half a sentence');
});

it('forgets everything of the account as it is signed out, also where the server could not be told', async () => {
  const client = createChatClient({ url, me, token: 'none' });
  client.openTimeline(7).setDraft('half');
  await expect.poll(kept, { timeout: 2_000 }).toBe('half');
  client.openTimeline(7).setDraft('half a sentence');
  await expect(client.signOut()).rejects.toMatchObject({ code: 'offline' });
  void client.close();
  expect(await kept()).toBeUndefined();
});

it('says that the storage of the browser is full, until there is room', async () => {
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
  expect(await kept()).toBe('half a sentence');
  await client.close();
});

it('says so as long as the draft of one conversation is not kept, also where that of another one is', async () => {
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
