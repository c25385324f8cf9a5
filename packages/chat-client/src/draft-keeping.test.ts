import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { createChatClient } from './create-chat-client.js';
import { openDeviceStore } from './device-store.js';

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
