import type { UserId } from '@everywire/chat';
import { deleteDB } from 'idb';
import { databaseNamePrefix, deviceStoreName, type ErasureOptions, openDatabaseStore } from './device-store.js';

/**
 * Erases the local databases of all accounts other than `user` at the server `url`, because this browser may now be used
 * by another person. If `user` is null (signed out), erases the databases of all accounts, but keeps their unsent
 * messages and drafts: the owner may sign in again, and the unsent data exists nowhere else. Does nothing if the browser
 * cannot list databases.
 */
export async function eraseUnusedStores(url: string, user: UserId | null): Promise<void> {
  if (typeof indexedDB === 'undefined' || typeof indexedDB.databases !== 'function') return;
  const prefix = databaseNamePrefix(url);
  const currentName = user === null ? null : deviceStoreName(url, user);
  const unusedNames = (await indexedDB.databases()).flatMap(({ name = '' }) =>
    name.startsWith(prefix) && name !== currentName ? [name] : [],
  );
  const options: ErasureOptions = { keep: user === null ? 'unsent' : 'nothing' };
  // A failure is ignored, because the caller cannot do anything about it. The next call retries each remaining database.
  await Promise.all(unusedNames.map((name) => eraseUnused(name, options).catch(() => undefined)));
}

async function eraseUnused(name: string, options: ErasureOptions): Promise<void> {
  const store = await openDatabaseStore(name);
  await store.erase(options);
  // The store has unsent data if `options` kept it, or if another tab opened the store after the erasure and wrote to it.
  const { outbox, drafts } = await store.load();
  store.close();
  if (outbox.length === 0 && drafts.length === 0) await deleteDB(name);
}
