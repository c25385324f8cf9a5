import { checkEntryPermission, type Typing, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import { type RequestOutcome, refuse } from './request-outcome.js';

/** A typing user, and the key of the rate limit for the session or interface. */
interface Typist {
  readonly user: UserId;
  readonly pace: string;
}

const done: RequestOutcome = { outcome: 'ok', body: {} };

/**
 * Publishes that a user is typing to the members who have the conversation open. Stores nothing. Clients stop
 * displaying it after a while (CM-11).
 */
export async function runTyping(
  { user, pace }: Typist,
  { conversation, typing }: Typing,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { hints, wallNow, store } = dependencies;
  const { epoch, entry } = await store.entry(user, conversation);
  const code = checkEntryPermission('typing', entry);
  if (code !== null) return refuse(code);
  if (entry?.peer && (entry.blocked || (await store.blockedBy(user, [entry.peer.user])).size > 0)) return done;
  // A notice that exceeds the rate is dropped without a refusal, because clients still display the previous one.
  if (dependencies.typing.spend(`${pace}:${conversation}:${typing}`, wallNow()) > 0) return done;
  hints.typing({ event: 'typing', conversation, user, typing }, { epoch, membersAt: entry?.membersAt ?? 0 });
  return done;
}
