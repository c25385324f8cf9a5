import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { DraftWrite } from './core/draft-writes.js';
import type { OutboxItem } from './core/outbox.js';
import type { StoredSync } from './core/sync-core.js';
import { type DeviceStore, openDeviceStore } from './device-store.js';
import { eraseOtherAccounts } from './erase-other-accounts.js';
import type { Person } from './person.js';

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

const nothing = { outbox: [], drafts: [], sync: null, people: [] };
const ann: Person = { id: 1, name: 'ann', displayName: 'Ann' };
/** What the device keeps of the list is the core's own affair; the store keeps it as it is. */
const sync = { list: { cursor: 'kept' } } as unknown as StoredSync;

async function textsOf(store: DeviceStore): Promise<readonly string[]> {
  return (await store.load()).drafts.map(({ text }) => text);
}

/**
 * Holds the drafts of a store, as a draft that is being forgotten does in a page that goes away: that reads before it deletes, and the answer to
 * the read never comes. Returns a function that lets go.
 */
async function holdDrafts(name: string): Promise<() => void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  let held = true;
  const drafts = database.transaction('drafts', 'readwrite').objectStore('drafts');
  await new Promise<void>((resolve) => {
    const ask = (): void => {
      resolve();
      if (held) drafts.count().onsuccess = ask;
    };
    drafts.count().onsuccess = ask;
  });
  return () => {
    held = false;
    database.close();
  };
}

/** What the outbox has, whether or not drafts are held. */
async function outboxOf(name: string): Promise<readonly string[]> {
  const opening = indexedDB.open(name);
  const database = await new Promise<IDBDatabase>((resolve) => {
    opening.onsuccess = () => resolve(opening.result);
  });
  const asked = database.transaction('outbox').objectStore('outbox').getAll();
  const items = await new Promise<OutboxItem[]>((resolve) => {
    asked.onsuccess = () => resolve(asked.result);
  });
  database.close();
  return items.map(({ command }) => command.id);
}

describe('the device’s store', () => {
  it('keeps what is sent as the page goes away, though a draft was being forgotten then', {
    timeout: 20_000,
  }, async () => {
    const name = newName();
    const store = await tab(name);
    await store.write([], [keep(7, 'half')]);
    const letGo = await holdDrafts(name);
    await store.write([{ write: 'keep', item }], []);
    const other: OutboxItem = { ...item, command: { ...item.command, id: 'other' } };
    const written = store.write([{ write: 'keep', item: other }], [{ write: 'forget', conversation: 7 }]);
    await expect.poll(() => outboxOf(name)).toEqual(['mine', 'other']);
    letGo();
    await written;
    expect(await textsOf(store)).toEqual([]);
  });

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

  it('erases everything of the account, and another tab that was open then writes none of it again', async () => {
    const name = newName();
    const [here, there] = [await tab(name), await tab(name)];
    await there.write([{ write: 'keep', item }], [keep(7, 'half')]);
    await there.saveSync(sync, [ann]);
    // The other tab writes in the same moment, when no message from this one can have reached it.
    const erased = here.erase('nothing');
    const late = Promise.allSettled([there.saveSync(sync, [ann]), there.write([{ write: 'keep', item }], [])]);
    await erased;
    expect((await late).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(there.write([], [keep(7, 'half')])).rejects.toThrow();
    await there.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await (await tab(name)).load()).toEqual(nothing);
  });

  it('erases the copies of what the server has and keeps what is unsent, where it is told to', async () => {
    const name = newName();
    const store = await tab(name);
    await store.write([{ write: 'keep', item }], [keep(7, 'half')]);
    await store.saveSync(sync, [ann]);
    await store.erase('unsent');
    const { outbox, drafts, ...copies } = await (await tab(name)).load();
    expect([outbox, drafts.map(({ text }) => text), copies]).toEqual([[item], ['half'], { sync: null, people: [] }]);
  });

  it('keeps what a later sign-in writes after it was erased, and erases that as well', async () => {
    const name = newName();
    await (await tab(name)).erase('nothing');
    const again = await tab(name);
    await again.write([{ write: 'keep', item }], [keep(7, 'half')]);
    await again.saveSync(sync, [ann]);
    expect(await again.load()).toMatchObject({ outbox: [item], drafts: [{ text: 'half' }], sync, people: [ann] });
    await again.erase('nothing');
    await expect(again.saveSync(sync, [ann])).rejects.toThrow();
    expect(await (await tab(name)).load()).toEqual(nothing);
  });

  describe('of accounts nobody is signed in to', () => {
    const url = 'https://chat.example/';
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
    const account = (id: number) => tab(`everywire https://chat.example ${id}`);
    const close = () => {
      for (const store of opened.splice(0)) store.close();
    };

    it('leaves what is unsent while nobody is signed in, and no database where nothing is', async () => {
      const [unsent, read] = [await account(1), await account(2)];
      await unsent.write([{ write: 'keep', item }], [keep(7, 'half')]);
      await unsent.saveSync(sync, [ann]);
      await read.saveSync(sync, [ann]);
      close();
      await eraseOtherAccounts(url, null);
      expect(await databases()).not.toContain('everywire https://chat.example 2');
      expect(await (await account(1)).load()).toMatchObject({ outbox: [item], sync: null, people: [] });
    });

    it('leaves nothing of anybody else once somebody is signed in, and everything of theirs', async () => {
      const [other, own] = [await account(3), await account(4)];
      await other.write([{ write: 'keep', item }], []);
      await own.saveSync(sync, [ann]);
      const elsewhere = await tab('everywire https://other.example 3');
      await elsewhere.saveSync(sync, [ann]);
      await eraseOtherAccounts(url, 4);
      expect(await databases()).not.toContain('everywire https://chat.example 3');
      expect(await (await account(4)).load()).toMatchObject({ sync, people: [ann] });
      expect(await elsewhere.load()).toMatchObject({ sync });
    });

    it('does nothing where the databases cannot be listed', async () => {
      const kept = await account(5);
      await kept.saveSync(sync, [ann]);
      const list = indexedDB.databases;
      Object.assign(indexedDB, { databases: undefined });
      try {
        await eraseOtherAccounts(url, null);
      } finally {
        Object.assign(indexedDB, { databases: list });
      }
      expect(await (await account(5)).load()).toMatchObject({ sync });
    });
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
