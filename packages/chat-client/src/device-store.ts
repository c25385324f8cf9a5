import { type IDBPDatabase, openDB } from 'idb';
import type { StoredCore } from './core/chat-core.js';
import type { OutboxItem, OutboxWrite } from './core/outbox.js';
import type { StoredSync } from './core/sync-core.js';
import type { Person } from './person.js';

/** What a device has kept; `people` are those it has shown. */
interface Stored extends StoredCore {
  readonly people: readonly Person[];
}

/**
 * What one device keeps of one person at one server, so that the outbox survives a reload and the list is there at once.
 * Writes happen in the order of the calls. A failure to write rejects; a device without storage is not an error.
 */
export interface DeviceStore {
  load(): Promise<Stored>;
  writeOutbox(writes: readonly OutboxWrite[]): Promise<void>;
  saveSync(sync: StoredSync, people: readonly Person[]): Promise<void>;
  /** Forgets everything, for good. */
  erase(): Promise<void>;
  close(): void;
}

/** Version of the database's layout; older content is dropped but for the outbox, which nobody else has. */
const layout = 2;

/** In the browser's IndexedDB; where there is none (a private window, an embedder's policy), in memory for as long as the page lives. */
export async function openDeviceStore(name: string): Promise<DeviceStore> {
  try {
    const database = await openDB(name, layout, {
      upgrade: (database, from) => {
        if (from > 0) database.deleteObjectStore('sync');
        else database.createObjectStore('outbox', { keyPath: 'command.id' });
        database.createObjectStore('sync');
      },
      // Another tab wants to erase or upgrade: let it.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return databaseStore(database);
  } catch {
    return memoryStore();
  }
}

function databaseStore(database: IDBPDatabase): DeviceStore {
  return {
    load: async () => {
      const transaction = database.transaction(['outbox', 'sync']);
      const kept = transaction.objectStore('sync');
      const [outbox, sync, people] = await Promise.all([
        transaction.objectStore('outbox').getAll() as Promise<OutboxItem[]>,
        kept.get('sync') as Promise<StoredSync | undefined>,
        kept.get('people') as Promise<readonly Person[] | undefined>,
      ]);
      return { outbox, sync: sync ?? null, people: people ?? [] };
    },
    writeOutbox: async (writes) => {
      // `strict`: the person was told that what they wrote is kept here.
      const transaction = database.transaction('outbox', 'readwrite', { durability: 'strict' });
      for (const write of writes) {
        if (write.write === 'keep') void transaction.store.put(write.item);
        else void transaction.store.delete(write.id);
      }
      await transaction.done;
    },
    saveSync: async (sync, people) => {
      const transaction = database.transaction('sync', 'readwrite');
      void transaction.store.put(sync, 'sync');
      void transaction.store.put(people, 'people');
      await transaction.done;
    },
    erase: async () => {
      const transaction = database.transaction(['outbox', 'sync'], 'readwrite');
      void transaction.objectStore('outbox').clear();
      void transaction.objectStore('sync').clear();
      await transaction.done;
    },
    close: () => database.close(),
  };
}

function memoryStore(): DeviceStore {
  const nothing = async (): Promise<void> => undefined;
  return {
    load: async () => ({ outbox: [], sync: null, people: [] }),
    writeOutbox: nothing,
    saveSync: nothing,
    erase: nothing,
    close: () => undefined,
  };
}
