import type { UserId } from '@everywire/chat';
import { deleteDB } from 'idb';
import { databasesOf, deviceStoreName, type Kept, openDatabaseStore } from './device-store.js';

/** Implements `eraseOtherAccounts`. */
export async function eraseUnusedStores(url: string, user: UserId | null): Promise<void> {
  if (typeof indexedDB === 'undefined' || typeof indexedDB.databases !== 'function') return;
  const others = (await indexedDB.databases()).flatMap(({ name = '' }) =>
    name.startsWith(databasesOf(url)) && (user === null || name !== deviceStoreName(url, user)) ? [name] : [],
  );
  await Promise.all(
    others.map((name) => eraseUnused(name, user === null ? 'unsent' : 'nothing').catch(() => undefined)),
  );
}

async function eraseUnused(name: string, kept: Kept): Promise<void> {
  const store = await openDatabaseStore(name);
  await store.erase(kept);
  const { outbox, drafts } = await store.load();
  store.close();
  if (outbox.length === 0 && drafts.length === 0) await deleteDB(name);
}
