import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { DraftWrite } from './core/draft-writes.js';
import type { OutboxItem } from './core/outbox.js';
import type { StoredSync } from './core/sync-core.js';
import { type DeviceStore, openDeviceStore } from './device-store.js';
import { eraseOtherAccounts } from './erase-other-accounts.js';
import type { Person } from './person.js';

// Tests the storage of a device (IndexedDB): drafts, unanswered commands and the conversation list of one account.
// Several tabs may have it open.

const opened: DeviceStore[] = [];
let names = 0;

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

/** Opens a tab of the account `name`. */
async function tab(name: string): Promise<DeviceStore> {
  const store = await openDeviceStore(name);
  opened.push(store);
  return store;
}

/** Returns the name of a new, empty store. */
function newName(): string {
  names += 1;
  return `everywire test ${names}`;
}

/** A write that stores a draft. */
function keep(conversation: number, text: string): DraftWrite {
  const local = { text, base: 0, state: 'changed', sent: [], position: 0 } as const;
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
/** The store does not interpret the stored list. */
const sync = { list: { cursor: 'kept' } } as unknown as StoredSync;

/** Returns the texts of the stored drafts. */
async function textsOf(store: DeviceStore): Promise<readonly string[]> {
  return (await store.load()).drafts.map(({ text }) => text);
}

/**
 * Locks the drafts of a store, as a draft deletion does in a closing page: it reads before it deletes, and the answer to the
 * read never arrives. Returns a function that releases the lock.
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

/** Returns the content of the outbox, whether or not drafts are locked. */
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
  it('a message sent while the page closes is stored, even during the deletion of a draft', {
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

  it('drafts are stored next to the outbox, by conversation, until they are forgotten', async () => {
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

  it('the last draft of two tabs is kept, and no tab forgets a draft that another has since stored', async () => {
    const name = newName();
    const [here, there] = [await tab(name), await tab(name)];
    await here.write([], [keep(7, 'here')]);
    await there.write([], [keep(7, 'there')]);
    await here.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await textsOf(here)).toEqual(['there']);
    await there.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await textsOf(here)).toEqual([]);
  });

  it('a draft found at opening can be forgotten', async () => {
    const name = newName();
    await (await tab(name)).write([], [keep(7, 'half')]);
    const again = await tab(name);
    await again.load();
    await again.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await textsOf(again)).toEqual([]);
  });

  it('everything of the account is erased, and another open tab cannot write it again', async () => {
    const name = newName();
    const [here, there] = [await tab(name), await tab(name)];
    await there.write([{ write: 'keep', item }], [keep(7, 'half')]);
    await there.saveSync(sync, [ann]);
    // The other tab writes at the same moment, before it can have received a message from this one.
    const erased = here.erase({ keep: 'nothing' });
    const late = Promise.allSettled([there.saveSync(sync, [ann]), there.write([{ write: 'keep', item }], [])]);
    await erased;
    expect((await late).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(there.write([], [keep(7, 'half')])).rejects.toThrow();
    await there.write([], [{ write: 'forget', conversation: 7 }]);
    expect(await (await tab(name)).load()).toEqual(nothing);
  });

  it('erasing with `unsent` removes copies of server data and keeps unsent data', async () => {
    const name = newName();
    const store = await tab(name);
    await store.write([{ write: 'keep', item }], [keep(7, 'half')]);
    await store.saveSync(sync, [ann]);
    await store.erase({ keep: 'unsent' });
    const { outbox, drafts, ...copies } = await (await tab(name)).load();
    expect([outbox, drafts.map(({ text }) => text), copies]).toEqual([[item], ['half'], { sync: null, people: [] }]);
  });

  it('a later sign-in can write to an erased store, and erase it again', async () => {
    const name = newName();
    await (await tab(name)).erase({ keep: 'nothing' });
    const again = await tab(name);
    await again.write([{ write: 'keep', item }], [keep(7, 'half')]);
    await again.saveSync(sync, [ann]);
    expect(await again.load()).toMatchObject({ outbox: [item], drafts: [{ text: 'half' }], sync, people: [ann] });
    await again.erase({ keep: 'nothing' });
    await expect(again.saveSync(sync, [ann])).rejects.toThrow();
    expect(await (await tab(name)).load()).toEqual(nothing);
  });

  describe('stores of accounts that are not signed in', () => {
    const url = 'https://chat.example/';
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
    const account = (id: number) => tab(`everywire https://chat.example ${id}`);
    const close = () => {
      for (const store of opened.splice(0)) store.close();
    };

    it('unsent data is kept while signed out, and databases without any are deleted', async () => {
      const [unsent, read] = [await account(1), await account(2)];
      await unsent.write([{ write: 'keep', item }], [keep(7, 'half')]);
      await unsent.saveSync(sync, [ann]);
      await read.saveSync(sync, [ann]);
      close();
      await eraseOtherAccounts(url, null);
      expect(await databases()).not.toContain('everywire https://chat.example 2');
      expect(await (await account(1)).load()).toMatchObject({ outbox: [item], sync: null, people: [] });
    });

    it('signing in deletes all data of other users and none of the own', async () => {
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

    it('`eraseOtherAccounts` is a no-op if databases cannot be listed', async () => {
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

  it('the outbox of an older layout is kept, and new writes work', async () => {
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

  it('the drafts of layout 5 are kept, with the versions that were sent', async () => {
    const name = newName();
    const [sent, draft] = [
      [{ command: 'draft', conversation: 7, text: 'ha', base: 0 }],
      { text: 'half', base: 0, state: 'changed', position: 0 },
    ];
    await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, 5);
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore('outbox', { keyPath: 'command.id' });
        opening.result.createObjectStore('sync');
        opening.result.createObjectStore('files');
        opening.result
          .createObjectStore('drafts', { keyPath: 'conversation' })
          .put({ ...draft, conversation: 7, told: sent });
      };
      opening.onsuccess = () => resolve(opening.result.close());
      opening.onerror = reject;
    });
    expect(await (await tab(name)).load()).toMatchObject({ drafts: [{ text: 'half', sent }] });
  });
});
