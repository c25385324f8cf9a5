import type { Query, UserId } from '@everywire/chat';
import { seenRow } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import type { RequestOutcome } from './request-outcome.js';

/** Returns threads that the user follows, as many as fit into one answer. */
export async function runThreadsQuery(
  user: UserId,
  { after }: Extract<Query, { readonly command: 'threads' }>,
  { store, limits, answerBytesMax }: CommandDependencies,
): Promise<RequestOutcome> {
  const { epoch, threads, next } = await store.threads(user, after, limits.threadsPageMax, answerBytesMax);
  const rows = threads.map((thread) => ({
    ...thread,
    message: thread.message === null ? null : seenRow(thread.message),
    last: seenRow(thread.last),
  }));
  return { outcome: 'ok', body: { epoch, threads: rows, next } };
}
