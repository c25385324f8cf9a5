import type { UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import { presenceTopic, profileTopic } from './topics.js';

/** The user who sent a request. */
export interface Asker {
  readonly user: UserId;
  /** Whether the user was a guest when the sign-in was last checked. */
  readonly guest: boolean;
}

type Ports = Pick<CommandDependencies, 'store' | 'accounts'>;

/**
 * Returns those of `ids` about whom the asker may learn (CH-39): for a guest, the people whom the guest knows;
 * otherwise all. The caller must treat every other id like the id of no user.
 */
export async function knownPeople(
  asker: Asker,
  ids: readonly UserId[],
  { store, accounts }: Ports,
): Promise<ReadonlySet<UserId>> {
  if (!asker.guest || !(await isGuestStill(asker.user, accounts))) return new Set(ids);
  return store.acquaintances(asker.user, [...new Set(ids)]);
}

/**
 * Returns whether the user is still a guest. Queries the store, because a guest's session continues after the guest got
 * an account.
 */
export async function isGuestStill(id: UserId, accounts: Ports['accounts']): Promise<boolean> {
  const [user] = await accounts.users([id]);
  return user?.role === 'guest';
}

/** Unsubscribes a guest's session from people whom the guest no longer knows. */
export async function forgetUnknownPeople(
  session: LiveSession,
  { sessions, ...ports }: Ports & Sessions,
): Promise<void> {
  const ids = [...session.looking, ...session.people];
  const known = await knownPeople(session, ids, ports);
  const forgotten = new Set(ids.filter((id) => !known.has(id)));
  for (const id of forgotten) {
    session.wire.leave(presenceTopic(id));
    session.wire.leave(profileTopic(id));
    session.people.delete(id);
  }
  // Keeps a person whom the session started to watch meanwhile, since that one is not in `ids`.
  sessions.look(session, new Set([...session.looking].filter((id) => !forgotten.has(id))));
}

type Sessions = Pick<CommandDependencies, 'sessions'>;
