import { createChatClient } from '@everywire/chat-client';
import { afterEach, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';
import { newCommandId } from './test-session.js';

/*
 * Activity of others never delays a person's own messages: a person who is writing is added to very many groups, at the
 * server's default rates.
 */

const deadline = { timeout: 60_000, interval: 5 };
let place: TestPlace;
afterEach(() => place.stop());

test("[CM-4] a person who is added to a thousand groups sends without waiting for the device's queries about them", {
  tags: ['wide'],
  timeout: 180_000,
}, async () => {
  place = await TestPlace.start();
  const { id, name, token } = await place.register('writer');
  const creators = [];
  for (const each of [1, 2, 3, 4, 5]) creators.push(await place.connect(await place.register(`creator-${each}`)));
  const client = createChatClient({ url: place.url, me: { id, name, displayName: name }, token });
  await expect.poll(() => client.getSnapshot().connection.state, deadline).toBe('open');
  const [creator] = creators;
  const direct = (await creator?.ok({ command: 'createDirect', peer: id }))?.conversation ?? 0;
  const timeline = client.openTimeline(direct);
  await expect.poll(() => client.getSnapshot().conversations.length, deadline).toBe(1);

  const entry = vi.spyOn(place.store, 'entry');
  const asked = (): number => entry.mock.calls.filter(([user]) => user === id).length;
  const made = creators.flatMap((session) =>
    Array.from({ length: 200 }, (_, each) =>
      session.ok({ command: 'createGroup', id: newCommandId(), name: `group ${each}`, users: [id] }),
    ),
  );
  await expect.poll(asked, deadline).toBeGreaterThan(0);
  const between: number[] = [];
  for (let sent = 1; sent <= 30; sent += 1) {
    const before = asked();
    timeline.send(`message ${sent}`);
    await vi.waitFor(
      () => expect(timeline.getSnapshot().rows.at(-1)).toMatchObject({ receipt: { state: 'sent' } }),
      deadline,
    );
    between.push(asked() - before);
  }
  await Promise.all(made);
  // Two may be in flight when a message is sent, and a few more follow while it is written on the device and its answer
  // arrives.
  expect(Math.max(...between)).toBeLessThan(10);
  await expect.poll(() => client.getSnapshot().conversations.length, deadline).toBe(1_001);
  await client.close();
});
