import type { PresenceState, Refused, UserId } from '@everywire/chat';
import { checkRequest } from './check-request.js';
import type { CommandDependencies } from './command-dependencies.js';
import type { PresenceLeases } from './presence-leases.js';
import { refuse } from './request-outcome.js';

export type PresenceOutcome = { readonly outcome: 'ok'; readonly presence: readonly PresenceState[] } | Refused;

/** The states of `users` as somebody may see them. Of those who do not want to be seen by them, nothing is said. */
export function presenceSeen(
  users: ReadonlySet<UserId>,
  hiding: ReadonlySet<UserId>,
  presence: PresenceLeases,
): readonly PresenceState[] {
  return [...users].map((user) =>
    hiding.has(user) ? { user, state: 'away', lastSeenAt: null } : presence.stateOf(user),
  );
}

/** One look, by who has no session to be told of changes. What bounds a session's looking bounds it. */
export async function runPresence(
  asker: UserId,
  asked: readonly UserId[],
  { store, limits, presence }: CommandDependencies,
): Promise<PresenceOutcome> {
  const code = checkRequest({ command: 'watchPresence', i: 0, users: asked }, limits);
  if (code !== null) return refuse(code);
  const users = new Set(asked);
  return { outcome: 'ok', presence: presenceSeen(users, await store.blockedBy(asker, [...users]), presence) };
}
