import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { DraftWrite } from './core/draft-writes.js';
import type { OutboxItem } from './core/outbox.js';
import { type DeviceStore, openDeviceStore } from './device-store.js';

const opened: DeviceStore[] = [];
let made = 0;

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

/** A tab of the account `name`. */
async function tab(name: string): Promise<DeviceStore> {
  const store = await openDeviceStore(name);
  opened.push(store);
  return store;
}

function newName(): string {
  made += 1;
  return `everywire test ${made}`;
}

function keep(conversation: number, text: string): DraftWrite {
  const local = { text, base: 0, state: 'changed', told: [], position: 0 } as const;
  return { write: 'keep', draft: { conversation, ...local } };
}

const item: OutboxItem = {
  command: { command: 'send', id: 'mine', conversation: 7, text: 'hello' },
  createdAt: 1,
  position: 0,
  failed: null,
};

async function textsOf(store: DeviceStore): Promise<readonly string[]> {
  return (await store.load()).drafts.map(({ text }) => text);
}

describe('the device’s store', () => {
  it('keeps drafts beside the outbox, each by its conversation, until they are forgotten', async () => {
    const name = newName();
    const store = await tab(name);
    await store.write([], [keep(7, 'half'), keep(8, 'other')]);
    await store.write([{ write: 'keep', item }], [keep(7, '')]);
    expect(await (await tab(name)).load()).toMatchObject({
      outbox: [item],
      drafts: [
        { conversation: 7, text: '' },
        { conversation: 8, text: 'other' },
      ],
      sync: null,
    });
    await store.write([{ write: 'forget', id: 'mine' }], [{ write: 'forget', conversation: 8 }]);
    const { outbox, drafts } = await (await tab(name)).load();
    expect([outbox, drafts.map(({ conversation }) => conversation)]).toEqual([[], [7]]);
  });

  it('keeps of two tabs the draft that was kept last, and forgets none that another tab has kept meanwhile', async () => {
    const name = newName();
    const [here, there] = [await tab(name), await tab(name)];
    await here.write([], [keep(7, 'here')]);
    await there.write([], [keep(7, 'there')]);
    await here.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await textsOf(here)).toEqual(['there']);
    await there.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await textsOf(here)).toEqual([]);
  });

  it('forgets what it found from before', async () => {
    const name = newName();
    await (await tab(name)).write([], [keep(7, 'half')]);
    const again = await tab(name);
    await again.load();
    await again.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await textsOf(again)).toEqual([]);
  });

  it('erases everything of the account, and no other tab writes any of it again', async () => {
    const name = newName();
    const [here, there] = [await tab(name), await tab(name)];
    await there.write([{ write: 'keep', item }], [keep(7, 'half')]);
    await here.erase();
    const loads = () =>
      there.load().then(
        () => 'loads',
        () => 'is closed',
      );
    await expect.poll(loads).toBe('is closed');
    await expect(there.write([], [keep(7, 'half')])).rejects.toThrow();
    expect(await (await tab(name)).load()).toEqual({ outbox: [], drafts: [], sync: null, people: [] });
  });

  it('keeps the outbox of a layout before, and what is written now', async () => {
    const name = newName();
    await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, 2);
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore('outbox', { keyPath: 'command.id' }).put(item);
        opening.result.createObjectStore('sync');
      };
      opening.onsuccess = () => resolve(opening.result.close());
      opening.onerror = reject;
    });
    const store = await tab(name);
    await store.write([], [keep(7, 'half')]);
    expect(await store.load()).toMatchObject({ outbox: [item], drafts: [{ text: 'half' }], sync: null });
  });
});
