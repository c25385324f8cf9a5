import type { CommandId, ConversationId, UserId } from '@everywire/chat';
import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb';
import type { StoredCore } from './core/chat-core.js';
import type { DraftWrite } from './core/draft-writes.js';
import type { KeptDraft } from './core/local-draft.js';
import type { OutboxItem, OutboxWrite } from './core/outbox.js';
import type { StoredSync } from './core/sync-core.js';
import { isWaiting } from './core/waiting-file.js';
import type { Person } from './person.js';

/** The data to keep when a device's copy is erased. `unsent`: outbox and drafts, which exist nowhere else. */
export type Kept = 'nothing' | 'unsent';

/** The stored state; `people` are those that were shown. */
interface Stored extends StoredCore {
  readonly people: readonly Person[];
}

/** The bytes of a waiting file, by its number within its message. */
export interface WaitingBytes {
  readonly number: number;
  readonly bytes: ArrayBuffer;
}

/** A write of the outbox; the first write of a message contains the bytes of its waiting files. */
export type StoreWrite = OutboxWrite & { readonly bytes?: readonly WaitingBytes[] };

/**
 * Stores the data of one user of one server on one device, so that outbox and drafts survive a reload and the list is
 * available immediately. Writes happen in call order, even if the application ends right after the call. A failed write
 * rejects; a device without storage is not an error. All tabs of a user share the store: the last draft of a
 * conversation wins.
 */
export interface DeviceStore {
  load(): Promise<Stored>;
  /**
   * Writes everything or nothing. Does not forget a draft that another tab has since stored. Bytes of waiting files are
   * deleted with their message, and once it has no waiting file.
   */
  write(outbox: readonly StoreWrite[], drafts: readonly DraftWrite[]): Promise<void>;
  /** Returns the bytes of a waiting file; `null` if not stored. */
  waitingBytes(id: CommandId, number: number): Promise<ArrayBuffer | null>;
  /** Returns a command of the outbox as any tab last stored it; `null` if not stored. */
  outboxItem(id: CommandId): Promise<OutboxItem | null>;
  saveSync(sync: StoredSync, people: readonly Person[]): Promise<void>;
  /**
   * Erases data. Afterwards all writes of this store reject, including those of other tabs that opened it before. A
   * store opened later can write again.
   */
  erase(kept: Kept): Promise<void>;
  close(): void;
}

/** Version of the database's layout. An upgrade drops everything but outbox and drafts, which exist nowhere else. */
const LAYOUT = 6;

/** Keys in `sync` that mark erased openings of the store: `[erased, 0]`, `[erased, 1]` and so on. */
const ERASED = 'erased';

/** Opens a store in IndexedDB; falls back to memory if that is unavailable (a private window, an embedder's policy). */
export function openDeviceStore(name: string): Promise<DeviceStore> {
  return openDatabaseStore(name).catch(memoryStore);
}

/** Returns the database name of one user of one server. */
export function deviceStoreName(url: string, user: UserId): string {
  return `${databasesOf(url)}${user}`;
}

/** Like `openDeviceStore`, but rejects without a database or if its layout is newer. */
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
    // Closes, to let another tab delete or upgrade the database.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return databaseStore(database, [ERASED, await database.count('sync', IDBKeyRange.bound([ERASED], [ERASED, []]))]);
}

/** Until layout 5, the unanswered versions of a draft were stored as `told`. */
async function renameSent(drafts: IDBPObjectStore<unknown, string[], 'drafts', 'versionchange'>): Promise<void> {
  for (let cursor = await drafts.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    const { told, ...draft } = cursor.value;
    await cursor.update({ ...draft, sent: told });
  }
}

/** Returns the common prefix of the database names of all users of one server. */
export function databasesOf(url: string): string {
  return `everywire ${new URL(url).origin} `;
}

function databaseStore(database: IDBPDatabase, mark: readonly [string, number]): DeviceStore {
  /** Texts that this tab stored or loaded last, by conversation. */
  const keptHere = new Map<ConversationId, string>();
  /**
   * Makes the transaction fail if this opening was erased, because the key already exists then. A read would work as
   * well, but a closing page does not live until its answer.
   */
  const refuseErased = (sync: IDBPObjectStore<unknown, string[], 'sync', 'readwrite'>) => [
    sync.add(true, [...mark]),
    sync.delete([...mark]),
  ];
  const keep = async (outboxWrites: readonly StoreWrite[], drafts: readonly KeptDraft[]): Promise<void> => {
    // `strict`: the user sees these messages as safely stored.
    const durability = outboxWrites.length > 0 ? 'strict' : 'relaxed';
    // `forget` locks the drafts, so they are included only if needed.
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
    // Explicitly, because a closing page aborts transactions that are not committed.
    transaction.commit();
    await Promise.all([transaction.done, ...asked]);
  };
  /**
   * Reads before it deletes, so it cannot be committed immediately and gets its own transaction: a closing page would
   * abort the others too. A draft that therefore remains is deleted the next time; in an erased opening it is already
   * gone.
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

/** Stores the bytes of a new message, and deletes those of a message that is gone or has no waiting file. */
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
