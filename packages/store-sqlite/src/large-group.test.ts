import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits, commitAudience } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { expect, it } from 'vitest';
import { createSqliteStore } from './sqlite-store.js';

const owner = 1;

/** The group's limit. A change names at most 200 users, so it takes fifty. */
it('[CH-13.2] [CH-17.2] a group of 10,000 works, publishes once, and is paged through', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-large-'));
  const store = createSqliteStore({ file: join(directory, 'chat.db'), checkpoint: 'inline' });
  const driver = new StoreDriver(store, chatLimits);
  const id = await driver.group(owner, []);
  for (let from = 2; from <= 10_000; from += chatLimits.addUsersMax) {
    const count = Math.min(chatLimits.addUsersMax, 10_001 - from);
    await driver.add(owner, id, ...Array.from({ length: count }, (_, index) => from + index));
  }
  expect(await driver.entry(9_000, id)).toMatchObject({ memberCount: 10_000, large: true });
  await expect(driver.add(owner, id, 10_001)).rejects.toThrow('too_many');

  const command = { command: 'send', conversation: id, text: 'to all', id: driver.mintId() } as const;
  const sent = await driver.run(owner, command);
  if (sent.outcome !== 'committed') throw new Error(sent.outcome);
  expect(sent.notices.map((notice) => notice.to)).toEqual(['members']);
  const [notice] = sent.notices;
  const online = Array.from({ length: 10_001 }, (_, index) => index + 1);
  const view = await store.periods(id, online);
  const audience = notice?.to === 'members' ? commitAudience(view, notice.event) : null;
  expect(audience).toMatchObject({ outcome: 'known', withRow: online.slice(0, 10_000), headsOnly: [] });

  const page = await store.members(9_000, id, 9_900, 200);
  expect(page).toMatchObject({ members: { length: 100 }, more: false });
  await driver.read(77, id, 52);
  expect(await store.readers(owner, id, 52)).toMatchObject({ outcome: 'count', count: 1 });
  await driver.leave(owner, id);
  expect((await driver.entry(2, id)).role).toBe('owner');
  await store.close();
  rmSync(directory, { recursive: true });
});
