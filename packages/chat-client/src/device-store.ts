import type { CommandId, ConversationId, UserId } from '@everywire/chat';
import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb';
import type { StoredCore } from './core/chat-core.js';
import type { DraftWrite } from './core/draft-writes.js';
import type { KeptDraft } from './core/local-draft.js';
import type { OutboxItem, OutboxWrite } from './core/outbox.js';
import type { StoredSync } from './core/sync-core.js';
import { isWaiting } from './core/waiting-file.js';
import type { Person } from './person.js';

/**
 * What is left when a device's copy is erased. `unsent`: outbox and drafts, which nobody else has; the list, messages and people go, because the
 * server has them.
 */
export type Kept = 'nothing' | 'unsent';

/** What a device has kept; `people` are those it has shown. */
interface Stored extends StoredCore {
  readonly people: readonly Person[];
}

/** The bytes of a file that waits, by its number within its message. */
export interface WaitingBytes {
  readonly number: number;
  readonly bytes: ArrayBuffer;
}

/** A write of the outbox; a message that is kept for the first time brings the bytes of its waiting files. */
export type StoreWrite = OutboxWrite & { readonly bytes?: readonly WaitingBytes[] };

/**
 * What one device keeps of one person at one server, so that outbox and drafts survive a reload and the list is there at once.
 * Writes happen in the order of the calls, and those of an application that ends right after the call too. A failure to write rejects; a
 * device without storage is not an error. All tabs of one person share it: of two that keep a draft of the same conversation the last is kept.
 */
export interface DeviceStore {
  load(): Promise<Stored>;
  /**
   * Either all of it or nothing. A draft that another tab has kept meanwhile is not forgotten. Bytes of waiting files are forgotten with their message,
   * and as soon as it waits for none.
   */
  write(outbox: readonly StoreWrite[], drafts: readonly DraftWrite[]): Promise<void>;
  /** The bytes of a waiting file; `null` where they are not kept. */
  waitingBytes(id: CommandId, number: number): Promise<ArrayBuffer | null>;
  /** A command of the outbox as it is kept now, by whatever tab; `null` where it is not. */
  outboxItem(id: CommandId): Promise<OutboxItem | null>;
  saveSync(sync: StoredSync, people: readonly Person[]): Promise<void>;
  /** Afterwards every write of this store rejects, and so does every write of other tabs that opened the store before. A store that is opened later writes again. */
  erase(kept: Kept): Promise<void>;
  close(): void;
}

/** Version of the database's layout; older content is dropped but for outbox and drafts, which nobody else has. */
const layout = 5;

/** Keys in `sync` that say which openings of the store were erased: `[erased, 0]`, `[erased, 1]` and so on. */
const erased = 'erased';

/** In the browser's IndexedDB; where there is none (a private window, an embedder's policy), in memory for as long as the page lives. */
export function openDeviceStore(name: string): Promise<DeviceStore> {
  return openDatabaseStore(name).catch(memoryStore);
}

/** The name of the database of one person at one server. */
export function deviceStoreName(url: string, user: UserId): string {
  return `${databasesOf(url)}${user}`;
}

/** As `openDeviceStore`; rejects where there is no database, or one of a newer layout. */
export async function openDatabaseStore(name: string): Promise<DeviceStore> {
  const database = await openDB(name, layout, {
    upgrade: (database, from) => {
      if (from > 0) database.deleteObjectStore('sync');
      else database.createObjectStore('outbox', { keyPath: 'command.id' });
      database.createObjectStore('sync');
      if (from < 3) database.createObjectStore('drafts', { keyPath: 'conversation' });
      if (from < 4) database.createObjectStore('files');
    },
    // Another tab wants to delete or upgrade: let it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return databaseStore(database, [erased, await database.count('sync', IDBKeyRange.bound([erased], [erased, []]))]);
}

/** What the names of the databases of all people at one server begin with. */
export function databasesOf(url: string): string {
  return `everywire ${new URL(url).origin} `;
}

function databaseStore(database: IDBPDatabase, mark: readonly [string, number]): DeviceStore {
  /** What this tab kept or found last, by conversation. */
  const keptHere = new Map<ConversationId, string>();
  /**
   * Makes the whole transaction fail where this opening was erased: the key is there already then. A read would do as well, but a page that goes away
   * does not live to its answer.
   */
  const refuseErased = (sync: IDBPObjectStore<unknown, string[], 'sync', 'readwrite'>) => [
    sync.add(true, [...mark]),
    sync.delete([...mark]),
  ];
  const keep = async (outboxWrites: readonly StoreWrite[], drafts: readonly KeptDraft[]): Promise<void> => {
    // `strict`: the person was told that what they sent is kept here.
    const durability = outboxWrites.length > 0 ? 'strict' : 'relaxed';
    // What is being forgotten holds the drafts, so they are left out where none is kept.
    const common = ['outbox', 'files', 'sync'] as const;
    const stores = drafts.length > 0 ? ([...common, 'drafts'] as const) : common;
    const transaction = database.transaction(stores, 'readwrite', { durability });
    const asked: Promise<unknown>[] = refuseErased(transaction.objectStore('sync'));
    const outbox = transaction.objectStore('outbox');
    const files = transaction.objectStore('files');
    for (const write of outboxWrites) {
      asked.push(
        write.write === 'keep' ? outbox.put(write.item) : outbox.delete(write.id),
        ...writeBytes(files, write),
      );
    }
    for (const draft of drafts) {
      asked.push(transaction.objectStore('drafts').put(draft));
      keptHere.set(draft.conversation, draft.text);
    }
    // Not left to itself: a page that goes away takes along what is not committed.
    transaction.commit();
    await Promise.all([transaction.done, ...asked]);
  };
  /**
   * Reads before it deletes, so it cannot be committed at once, and shares no transaction with anything: a page that goes away would take that
   * along. A draft that stays so is forgotten the next time; one of an opening that was erased is gone already.
   */
  const forget = async (conversations: readonly ConversationId[]): Promise<void> => {
    const transaction = database.transaction('drafts', 'readwrite');
    const { store } = transaction;
    await Promise.all([transaction.done, ...conversations.map((each) => forgetOwn(store, each, keptHere.get(each)))]);
  };
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
      const kept = draftWrites.flatMap((write) => (write.write === 'keep' ? [write.draft] : []));
      const forgotten = draftWrites.flatMap((write) => (write.write === 'forget' ? [write.conversation] : []));
      const written = outboxWrites.length > 0 || kept.length > 0 ? keep(outboxWrites, kept) : null;
      await Promise.all([written, forgotten.length > 0 ? forget(forgotten) : null]);
    },
    waitingBytes: async (id, number) => (await database.get('files', [id, number])) ?? null,
    outboxItem: async (id) => (await database.get('outbox', id)) ?? null,
    saveSync: async (sync, people) => {
      const transaction = database.transaction('sync', 'readwrite');
      const { store } = transaction;
      const asked = [...refuseErased(store), store.put(sync, 'sync'), store.put(people, 'people')];
      transaction.commit();
      await Promise.all([transaction.done, ...asked]);
    },
    erase: async (kept) => {
      const transaction = database.transaction(['outbox', 'files', 'drafts', 'sync'], 'readwrite');
      const sync = transaction.objectStore('sync');
      const asked: Promise<unknown>[] = [sync.delete('sync'), sync.delete('people'), sync.put(true, [...mark])];
      if (kept === 'nothing') {
        asked.push(
          ...(['outbox', 'files', 'drafts'] as const).map((unsent) => transaction.objectStore(unsent).clear()),
        );
      }
      await Promise.all([transaction.done, ...asked]);
    },
    close: () => database.close(),
  };
}

/** Puts the bytes that a message brings, and deletes those of a message that is gone or waits for none any more. */
function writeBytes(
  files: IDBPObjectStore<unknown, string[], 'files', 'readwrite'>,
  write: StoreWrite,
): Promise<unknown>[] {
  const id = write.write === 'keep' ? write.item.command.id : write.id;
  const waits = write.write === 'keep' && write.item.files?.some(isWaiting);
  if (waits) return (write.bytes ?? []).map(({ number, bytes }) => files.put(bytes, [id, number]));
  return [files.delete(IDBKeyRange.bound([id], [id, []]))];
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
    waitingBytes: async () => null,
    outboxItem: async () => null,
    saveSync: nothing,
    erase: nothing,
    close: () => undefined,
  };
}
