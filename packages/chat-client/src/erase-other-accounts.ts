import type { UserId } from '@everywire/chat';

/**
 * Erases what this browser keeps of people of the server at `url` other than `user`, where the browser can list its databases. With `null` (nobody is
 * signed in) what is unsent is kept for the person it is of. Best effort: a database that cannot be opened or deleted stays until the next call.
 */
export async function eraseOtherAccounts(url: string, user: UserId | null): Promise<void> {
  // Fetched later: a page that starts has more urgent things to load.
  const { eraseUnusedStores } = await import('./unused-stores.js');
  await eraseUnusedStores(url, user);
}
