import 'fake-indexeddb/auto';
import { chatLimits } from '@everywire/chat';
import { type ChatClient, createChatClient } from '@everywire/chat-client';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

// Tests how the real client catches up after it was closed. The driver changes the store directly, as if other users
// acted.

let place: TestPlace;
let ann: TestPerson;
let bo: TestPerson;
let driver: StoreDriver;
let conversation: number;
const clients: ChatClient[] = [];

beforeEach(async () => {
  place = await TestPlace.start();
  ann = await place.register('ann');
  bo = await place.register('bo');
  driver = new StoreDriver(place.store, chatLimits);
  conversation = await driver.direct(ann.id, bo.id);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await place.stop();
});

/** Opens Ann's device with what it stored when it was last closed. */
function device(): ChatClient {
  const me = { id: ann.id, name: ann.name, displayName: ann.name };
  const client = createChatClient({ url: place.url, me, token: ann.token });
  clients.push(client);
  return client;
}

/** Resolves when the condition holds, which is checked at each change of `source`. */
function until(source: Pick<ChatClient, 'subscribe'>, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = source.subscribe(look);
    function look(): void {
      if (!holds()) return;
      end();
      resolve();
    }
    look();
  });
}

test('[pain 2] [pain 4] a device that was offline counts the messages of others, and finds each message of many pages', async () => {
  await driver.sendMany(bo.id, conversation, 5);
  const before = device();
  const seen = before.openTimeline(conversation);
  await until(seen, () => seen.getSnapshot().rows.length > 0);
  seen.markRead();
  await until(before, () => before.getSnapshot().conversations[0]?.unread === 0);
  await before.close();

  await driver.sendMany(bo.id, conversation, 250);
  const mine = await driver.send(ann.id, conversation, 'of another device');
  await driver.sendMany(bo.id, conversation, 20);

  const after = device();
  // Counts neither Ann's own message nor those she had read before the device was closed.
  await until(after, () => after.getSnapshot().conversations[0]?.unread === 270);
  const timeline = after.openTimeline(conversation);
  const sequences = (): readonly (number | null)[] =>
    timeline.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row.sequence] : []));
  await until(timeline, () => sequences().at(-1) === mine.sequence + 20);
  while (!timeline.getSnapshot().atStart || timeline.getSnapshot().rows.some(({ type }) => type === 'gap')) {
    const { length } = sequences();
    const gap = timeline.getSnapshot().rows.find(({ type }) => type === 'gap');
    if (gap === undefined) timeline.loadOlder();
    else timeline.fillGap(gap.key, 'newer');
    await until(timeline, () => sequences().length > length);
  }
  // Sequence 1 is the service row of the conversation's creation.
  expect(sequences()).toEqual(Array.from({ length: mine.sequence + 19 }, (_, index) => index + 2));
});
