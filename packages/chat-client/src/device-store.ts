import type { CommandId, ConversationId, UserId } from '@everywire/chat';
import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb';
import type { StoredCore } from './core/chat-core.js';
import type { DraftWrite } from './core/draft-writes.js';
import type { KeptDraft } from './core/local-draft.js';
import type { OutboxItem, OutboxWrite } from './core/outbox.js';
import type { StoredSync } from './core/sync-core.js';
import { isWaiting } from './core/waiting-file.js';
import type { Person } from './person.js';

/** Options of `DeviceStore.erase`. */
export interface ErasureOptions {
  /** The data that is not erased. `unsent`: the outbox and the drafts, because they exist nowhere else. */
  readonly keep: 'nothing' | 'unsent';
}

/** The stored state. `people`: the profiles of the people that this client has shown. */
interface Stored extends StoredCore {
  readonly people: readonly Person[];
}

/** The bytes of a waiting file. `number`: the position of the file within its message. */
export interface WaitingBytes {
  readonly number: number;
  readonly bytes: ArrayBuffer;
}

/** A write to the outbox. The first write of a message contains the bytes of its waiting files. */
export type StoreWrite = OutboxWrite & { readonly bytes?: readonly WaitingBytes[] };

/**
 * Stores the data of one user of one server on one device. The outbox (commands that the server has not yet confirmed)
 * and the drafts therefore survive a reload, and the list of conversations is available immediately.
 *
 * Writes happen in call order, even if the application ends right after the call. A failed write rejects. On a device
 * without storage, all calls succeed and store nothing. All tabs of a user share the store, so that the last draft that
 * any tab stores for a conversation wins.
 */
export interface DeviceStore {
  load(): Promise<Stored>;
  /**
   * Stores and deletes commands of the outbox and stores drafts, all in one transaction. Deletes drafts in a separate
   * transaction; keeps a draft that another tab has since replaced. Deletes the bytes of waiting files (files that are
   * not uploaded yet) together with their message, or once the message has no waiting file.
   */
  write(outbox: readonly StoreWrite[], drafts: readonly DraftWrite[]): Promise<void>;
  /** Returns the bytes of a waiting file; `null` if not stored. */
  waitingBytes(id: CommandId, number: number): Promise<ArrayBuffer | null>;
  /** Returns the last version of an outbox command that any tab stored; `null` if not stored. */
  outboxItem(id: CommandId): Promise<OutboxItem | null>;
  saveSync(sync: StoredSync, people: readonly Person[]): Promise<void>;
  /**
   * Erases all data except the data that the options keep. Afterwards all writes of this store reject. So do the writes
   * of every other tab that opened the store before the erasure. A store opened after the erasure can write again.
   */
  erase(options: ErasureOptions): Promise<void>;
  close(): void;
}

/** Version of the database's layout. An upgrade drops all data except the outbox and the drafts, which exist nowhere else. */
const LAYOUT = 6;

/**
 * First part of the keys in the object store `sync` that count erasures: `[erased, 0]`, `[erased, 1]` and so on. All tabs
 * that open the store between two erasures share the next key, which their next erasure adds (see `refuseErased`).
 */
const ERASED = 'erased';

/**
 * Opens a store in IndexedDB. If IndexedDB is unavailable (a private window, an embedder's policy), returns a store that
 * keeps nothing.
 */
export function openDeviceStore(name: string): Promise<DeviceStore> {
  return openDatabaseStore(name).catch(emptyStore);
}

/** Returns the database name of one user of one server. */
export function deviceStoreName(url: string, user: UserId): string {
  return `${databaseNamePrefix(url)}${user}`;
}

/** Opens a store like `openDeviceStore`, but rejects if IndexedDB is unavailable or the database has a newer layout. */
export async function openDatabaseStore(name: string): Promise<DeviceStore> {
  const database = await openDB(name, LAYOUT, {
    upgrade: async (database, from, _to, transaction) => {
      if (from > 0) database.deleteObjectStore('sync');
      else database.createObjectStore('outbox', { keyPath: 'command.id' });
      database.createObjectStore('sync');
      if (from < 3) database.createObjectStore('drafts', { keyPath: 'conversation' });
      if (from < 4) database.createObjectStore('files');
      if (from >= 3 && from < 6) await renameSent(transaction.objectStore('drafts'));
    },
    // Closes this connection, so that another tab can delete or upgrade the database.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return databaseStore(database, [ERASED, await database.count('sync', IDBKeyRange.bound([ERASED], [ERASED, []]))]);
}

/** Renames a property of all stored drafts: up to layout 5, `sent` (the unanswered versions of a draft) was named `told`. */
async function renameSent(drafts: IDBPObjectStore<unknown, string[], 'drafts', 'versionchange'>): Promise<void> {
  for (let cursor = await drafts.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    const { told, ...draft } = cursor.value;
    await cursor.update({ ...draft, sent: told });
  }
}

/** Returns the common prefix of the database names of all users of one server. */
export function databaseNamePrefix(url: string): string {
  return `everywire ${new URL(url).origin} `;
}

function databaseStore(database: IDBPDatabase, mark: readonly [string, number]): DeviceStore {
  /** Texts that this tab stored or loaded last, by conversation. */
  const keptHere = new Map<ConversationId, string>();
  /**
   * Makes the transaction fail if the store was erased since this tab opened it: the erasure added the key `mark`, and
   * `add` fails if its key exists. Otherwise adds the key and deletes it again, which changes nothing. A read could check
   * the same, but a closing page does not live until the answer to the read.
   */
  const refuseErased = (sync: IDBPObjectStore<unknown, string[], 'sync', 'readwrite'>) => [
    sync.add(true, [...mark]),
    sync.delete([...mark]),
  ];
  const keep = async (outboxWrites: readonly StoreWrite[], drafts: readonly KeptDraft[]): Promise<void> => {
    // `strict` waits until the data is on the disk, because the interface shows these messages as safely stored.
    const durability = outboxWrites.length > 0 ? 'strict' : 'relaxed';
    // A transaction of `forget` locks `drafts`, so this transaction includes `drafts` only if it writes some.
    const common = ['outbox', 'files', 'sync'] as const;
    const stores = drafts.length > 0 ? ([...common, 'drafts'] as const) : common;
    const transaction = database.transaction(stores, 'readwrite', { durability });
    const requests: Promise<unknown>[] = refuseErased(transaction.objectStore('sync'));
    const outbox = transaction.objectStore('outbox');
    const files = transaction.objectStore('files');
    for (const write of outboxWrites) {
      requests.push(
        write.write === 'keep' ? outbox.put(write.item) : outbox.delete(write.id),
        ...writeBytes(files, write),
      );
    }
    for (const draft of drafts) {
      requests.push(transaction.objectStore('drafts').put(draft));
      keptHere.set(draft.conversation, draft.text);
    }
    // Commits explicitly, because a closing page aborts transactions that are not committed.
    transaction.commit();
    await Promise.all([transaction.done, ...requests]);
  };
  /**
   * Deletes drafts in a transaction of its own. The transaction first reads the drafts, so it cannot be committed
   * immediately, and a closing page may abort it; in a shared transaction, the page would abort the other writes too. A
   * draft that remains after such an abort is deleted the next time. Does not check for an erasure, because deleting an
   * erased draft is a no-op.
   */
  const forget = async (conversations: readonly ConversationId[]): Promise<void> => {
    const transaction = database.transaction('drafts', 'readwrite');
    const { store } = transaction;
    await Promise.all([transaction.done, ...conversations.map((each) => forgetOwn(store, each, keptHere.get(each)))]);
  };
  return {
    load: async () => {
      const transaction = database.transaction(['outbox', 'drafts', 'sync']);
      const syncStore = transaction.objectStore('sync');
      const [outbox, drafts, sync, people] = await Promise.all([
        transaction.objectStore('outbox').getAll() as Promise<OutboxItem[]>,
        transaction.objectStore('drafts').getAll() as Promise<KeptDraft[]>,
        syncStore.get('sync') as Promise<StoredSync | undefined>,
        syncStore.get('people') as Promise<readonly Person[] | undefined>,
      ]);
      for (const { conversation, text } of drafts) keptHere.set(conversation, text);
      return { outbox, drafts, sync: sync ?? null, people: people ?? [] };
    },
    write: async (outboxWrites, draftWrites) => {
      const changed = draftWrites.flatMap((write) => (write.write === 'keep' ? [write.draft] : []));
      const forgotten = draftWrites.flatMap((write) => (write.write === 'forget' ? [write.conversation] : []));
      const written = outboxWrites.length > 0 || changed.length > 0 ? keep(outboxWrites, changed) : null;
      await Promise.all([written, forgotten.length > 0 ? forget(forgotten) : null]);
    },
    waitingBytes: async (id, number) => (await database.get('files', [id, number])) ?? null,
    outboxItem: async (id) => (await database.get('outbox', id)) ?? null,
    saveSync: async (sync, people) => {
      const transaction = database.transaction('sync', 'readwrite');
      const { store } = transaction;
      const requests = [...refuseErased(store), store.put(sync, 'sync'), store.put(people, 'people')];
      transaction.commit();
      await Promise.all([transaction.done, ...requests]);
    },
    erase: async ({ keep: kept }) => {
      const transaction = database.transaction(['outbox', 'files', 'drafts', 'sync'], 'readwrite');
      const sync = transaction.objectStore('sync');
      const requests: Promise<unknown>[] = [sync.delete('sync'), sync.delete('people'), sync.put(true, [...mark])];
      if (kept === 'nothing') {
        requests.push(
          ...(['outbox', 'files', 'drafts'] as const).map((unsent) => transaction.objectStore(unsent).clear()),
        );
      }
      await Promise.all([transaction.done, ...requests]);
    },
    close: () => database.close(),
  };
}

/** Stores the bytes of a message with waiting files. Deletes the bytes of a message that is gone or has no waiting file. */
function writeBytes(
  files: IDBPObjectStore<unknown, string[], 'files', 'readwrite'>,
  write: StoreWrite,
): Promise<unknown>[] {
  const id = write.write === 'keep' ? write.item.command.id : write.id;
  const waits = write.write === 'keep' && write.item.files?.some(isWaiting);
  if (waits) return (write.bytes ?? []).map(({ number, bytes }) => files.put(bytes, [id, number]));
  return [files.delete(IDBKeyRange.bound([id], [id, []]))];
}

/** Deletes a draft unless another tab has replaced it: its text must equal `text`, which this tab knows. */
async function forgetOwn(
  drafts: IDBPObjectStore<unknown, string[], 'drafts', 'readwrite'>,
  conversation: ConversationId,
  text: string | undefined,
): Promise<void> {
  const kept: KeptDraft | undefined = await drafts.get(conversation);
  if (kept?.text === text) await drafts.delete(conversation);
}

/** Returns a store that keeps nothing: it loads as empty, and all writes succeed. */
function emptyStore(): DeviceStore {
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
