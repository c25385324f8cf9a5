import type { PresenceState, Refused, UserId } from '@everywire/chat';
import { checkRequest } from './check-request.js';
import type { CommandDependencies } from './command-dependencies.js';
import { type Asker, knownPeople } from './known-people.js';
import type { PresenceTracker } from './presence-tracker.js';
import { refuse } from './request-outcome.js';

/** The result of `runPresence`. */
export type PresenceOutcome = { readonly outcome: 'ok'; readonly presence: readonly PresenceState[] } | Refused;

/**
 * Returns those of `users` whose presence the asker may see: excludes users who block the asker, and users whom a guest
 * does not know.
 */
export async function visibleOnes(
  asker: Asker,
  users: ReadonlySet<UserId>,
  dependencies: Pick<CommandDependencies, 'store' | 'accounts'>,
): Promise<ReadonlySet<UserId>> {
  const known = await knownPeople(asker, [...users], dependencies);
  const hiding = await dependencies.store.blockedBy(asker.user, [...known]);
  return new Set([...known].filter((user) => !hiding.has(user)));
}

/** Returns the states of `users`. Invisible users appear like users who were never here. */
export function presenceSeen(
  users: ReadonlySet<UserId>,
  visible: ReadonlySet<UserId>,
  presence: PresenceTracker,
): readonly PresenceState[] {
  return [...users].map((user) =>
    visible.has(user) ? presence.stateOf(user) : { user, state: 'away', lastSeenAt: null },
  );
}

/** Returns presence once, without a session to receive updates. The limits of `watchPresence` apply. */
export async function runPresence(
  asker: Asker,
  asked: readonly UserId[],
  dependencies: CommandDependencies,
): Promise<PresenceOutcome> {
  const { limits, presence } = dependencies;
  const code = checkRequest({ command: 'watchPresence', i: 0, users: asked }, limits);
  if (code !== null) return refuse(code);
  const users = new Set(asked);
  return { outcome: 'ok', presence: presenceSeen(users, await visibleOnes(asker, users, dependencies), presence) };
}
