import type { UserId } from '@everywire/chat';

/**
 * Erases the data that this browser stores about users of the server at `url` other than `user`. If `user` is null
 * (signed out), erases the data of all users, but keeps their unsent messages and drafts. Does nothing if the browser
 * cannot list its databases. Best effort: a database that cannot be opened or deleted stays until the next call.
 */
export async function eraseOtherAccounts(url: string, user: UserId | null): Promise<void> {
  // Loads the code lazily, because a starting page has more urgent things to load.
  const { eraseUnusedStores } = await import('./unused-stores.js');
  await eraseUnusedStores(url, user);
}
