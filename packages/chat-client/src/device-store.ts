import type { ConversationId } from '@everywire/chat';
import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb';
import type { StoredCore } from './core/chat-core.js';
import type { DraftWrite } from './core/draft-writes.js';
import type { KeptDraft } from './core/local-draft.js';
import type { OutboxItem, OutboxWrite } from './core/outbox.js';
import type { StoredSync } from './core/sync-core.js';
import type { Person } from './person.js';

/** What a device has kept; `people` are those it has shown. */
interface Stored extends StoredCore {
  readonly people: readonly Person[];
}

/**
 * What one device keeps of one person at one server, so that outbox and drafts survive a reload and the list is there at once.
 * Writes happen in the order of the calls, and those of an application that ends right after the call too. A failure to write rejects; a
 * device without storage is not an error. All tabs of one person share it: of two that keep a draft of the same conversation the last is kept.
 */
export interface DeviceStore {
  load(): Promise<Stored>;
  /** Either all of it or nothing. A draft that another tab has kept meanwhile is not forgotten. */
  write(outbox: readonly OutboxWrite[], drafts: readonly DraftWrite[]): Promise<void>;
  saveSync(sync: StoredSync, people: readonly Person[]): Promise<void>;
  /** Forgets everything, for good; what another tab would still write is not taken any more. */
  erase(): Promise<void>;
  close(): void;
}

/** Version of the database's layout; older content is dropped but for outbox and drafts, which nobody else has. */
const layout = 3;

/** In the browser's IndexedDB; where there is none (a private window, an embedder's policy), in memory for as long as the page lives. */
export async function openDeviceStore(name: string): Promise<DeviceStore> {
  try {
    const database = await openDB(name, layout, {
      upgrade: (database, from) => {
        if (from > 0) database.deleteObjectStore('sync');
        else database.createObjectStore('outbox', { keyPath: 'command.id' });
        database.createObjectStore('sync');
        database.createObjectStore('drafts', { keyPath: 'conversation' });
      },
      // Another tab wants to erase or upgrade: let it.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return databaseStore(database, tabsOf(name, database));
  } catch {
    return memoryStore();
  }
}

function databaseStore(database: IDBPDatabase, tabs: BroadcastChannel | null): DeviceStore {
  /** What this tab kept or found last, by conversation. */
  const keptHere = new Map<ConversationId, string>();
  return {
    load: async () => {
      const transaction = database.transaction(['outbox', 'drafts', 'sync']);
      const kept = transaction.objectStore('sync');
      const [outbox, drafts, sync, people] = await Promise.all([
        transaction.objectStore('outbox').getAll() as Promise<OutboxItem[]>,
        transaction.objectStore('drafts').getAll() as Promise<KeptDraft[]>,
        kept.get('sync') as Promise<StoredSync | undefined>,
        kept.get('people') as Promise<readonly Person[] | undefined>,
      ]);
      for (const { conversation, text } of drafts) keptHere.set(conversation, text);
      return { outbox, drafts, sync: sync ?? null, people: people ?? [] };
    },
    write: async (outboxWrites, draftWrites) => {
      // `strict`: the person was told that what they sent is kept here.
      const durability = outboxWrites.length > 0 ? 'strict' : 'relaxed';
      const transaction = database.transaction(['outbox', 'drafts'], 'readwrite', { durability });
      const [outbox, drafts] = [transaction.objectStore('outbox'), transaction.objectStore('drafts')];
      for (const write of outboxWrites) {
        if (write.write === 'keep') void outbox.put(write.item);
        else void outbox.delete(write.id);
      }
      for (const write of draftWrites) {
        if (write.write !== 'keep') continue;
        void drafts.put(write.draft);
        keptHere.set(write.draft.conversation, write.draft.text);
      }
      const forgotten = draftWrites.flatMap((write) => (write.write === 'forget' ? [write.conversation] : []));
      const forgetting = forgotten.map((conversation) => forgetOwn(drafts, conversation, keptHere.get(conversation)));
      // Not left to itself: a page that goes away takes along what is not committed.
      if (forgotten.length === 0) transaction.commit();
      await Promise.all([transaction.done, ...forgetting]);
    },
    saveSync: async (sync, people) => {
      const transaction = database.transaction('sync', 'readwrite');
      void transaction.store.put(sync, 'sync');
      void transaction.store.put(people, 'people');
      transaction.commit();
      await transaction.done;
    },
    erase: async () => {
      tabs?.postMessage('erased');
      const stores = ['outbox', 'drafts', 'sync'];
      const transaction = database.transaction(stores, 'readwrite');
      for (const store of stores) void transaction.objectStore(store).clear();
      await transaction.done;
    },
    close: () => {
      tabs?.close();
      database.close();
    },
  };
}

/** The other tabs: what one erases no other writes again, though it may hold it still. */
function tabsOf(name: string, database: IDBPDatabase): BroadcastChannel | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  const tabs = new BroadcastChannel(name);
  tabs.addEventListener('message', () => database.close());
  return tabs;
}

async function forgetOwn(
  drafts: IDBPObjectStore<unknown, string[], 'drafts', 'readwrite'>,
  conversation: ConversationId,
  text: string | undefined,
): Promise<void> {
  const kept: KeptDraft | undefined = await drafts.get(conversation);
  if (kept?.text === text) await drafts.delete(conversation);
}

function memoryStore(): DeviceStore {
  const nothing = async (): Promise<void> => undefined;
  return {
    load: async () => ({ outbox: [], drafts: [], sync: null, people: [] }),
    write: nothing,
    saveSync: nothing,
    erase: nothing,
    close: () => undefined,
  };
}
