import type { Query, UserId } from '@everywire/chat';
import { seenRow } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import { type RequestOutcome, refuse } from './request-outcome.js';

/** The threads one follows. Of the pace of searches: it walks like one. Fewer where they would not fit into one answer; one always does. */
export async function runThreadsQuery(
  user: UserId,
  { after }: Extract<Query, { readonly command: 'threads' }>,
  { store, limits, searches, wallNow, answerBytesMax }: CommandDependencies,
): Promise<RequestOutcome> {
  if (searches.spend(String(user), wallNow()) > 0) return refuse('rate_limited');
  for (let limit = limits.threadsPageMax; ; limit = Math.ceil(limit / 2)) {
    const { epoch, threads, next } = await store.threads(user, after, limit);
    const rows = threads.map((thread) => ({
      ...thread,
      message: thread.message === null ? null : seenRow(thread.message),
      last: seenRow(thread.last),
    }));
    const body = { epoch, threads: rows, next };
    if (limit === 1 || Buffer.byteLength(JSON.stringify(body)) <= answerBytesMax) return { outcome: 'ok', body };
  }
}
