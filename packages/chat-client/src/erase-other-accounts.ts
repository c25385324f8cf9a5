import type { UserId } from '@everywire/chat';

/**
 * Erases this browser's data of users of the server at `url` other than `user`, if the browser can list its databases. With
 * `null` (not signed in), keeps unsent data for its user. Best effort: a database that cannot be opened or deleted stays until
 * the next call.
 */
export async function eraseOtherAccounts(url: string, user: UserId | null): Promise<void> {
  // Loaded lazily: a starting page has more urgent things to load.
  const { eraseUnusedStores } = await import('./unused-stores.js');
  await eraseUnusedStores(url, user);
}
