import { StoreError, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import { type RequestOutcome, refuse } from './request-outcome.js';

/** Runs a search within the user's rate limit. A search that the store refuses as `busy` does not count. */
export async function withSearchRateLimit(
  user: UserId,
  { searches, wallNow }: Pick<CommandDependencies, 'searches' | 'wallNow'>,
  search: () => Promise<RequestOutcome>,
): Promise<RequestOutcome> {
  const key = String(user);
  const retryAfterMs = searches.spend(key, wallNow());
  if (retryAfterMs > 0) return { ...refuse('rate_limited'), retryAfterMs };
  try {
    return await search();
  } catch (error) {
    if (error instanceof StoreError && error.code === 'busy') searches.giveBack(key);
    throw error;
  }
}
