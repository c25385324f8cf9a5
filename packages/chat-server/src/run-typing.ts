import { checkEntryPermission, type Typing, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import { type RequestOutcome, refuse } from './request-outcome.js';

/** Who types, and by which session or interface their pace is counted. */
interface Typist {
  readonly user: UserId;
  readonly pace: string;
}

const done: RequestOutcome = { outcome: 'ok', body: {} };

/** Tells those who look that somebody types. Nothing of it is stored; it expires by itself where it is shown (CM-11). */
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
  // Who types too fast is not refused: the notice before is still being shown.
  if (dependencies.typing.spend(`${pace}:${conversation}:${typing}`, wallNow()) > 0) return done;
  hints.typing({ event: 'typing', conversation, user, typing }, { epoch, membersAt: entry?.membersAt ?? 0 });
  return done;
}
