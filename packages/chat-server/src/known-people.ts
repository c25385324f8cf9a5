import type { UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import { presenceTopic, profileTopic } from './topics.js';

/** The person on whose behalf a request runs. */
export interface Asker {
  readonly user: UserId;
  /** As the sign-in said when it was looked at. */
  readonly guest: boolean;
}

type Ports = Pick<CommandDependencies, 'store' | 'accounts'>;

/**
 * Returns those of `ids` that the asker may learn anything about (CH-39): all of them, and for a guest the people the guest knows. A caller must
 * treat every other id like one that nobody has.
 */
export async function knownPeople(
  asker: Asker,
  ids: readonly UserId[],
  { store, accounts }: Ports,
): Promise<ReadonlySet<UserId>> {
  if (!asker.guest || !(await isGuestStill(asker.user, accounts))) return new Set(ids);
  return store.acquaintances(asker.user, [...new Set(ids)]);
}

/** Asks the store only for sessions of guests: a guest who was given an account meanwhile continues in the same session. */
export async function isGuestStill(id: UserId, accounts: Ports['accounts']): Promise<boolean> {
  const [user] = await accounts.users([id]);
  return user?.role === 'guest';
}

/** Unsubscribes a guest's session from the people the guest does not know any more. */
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
  // Someone the session began to look at meanwhile is not among `ids`, and stays.
  sessions.look(session, new Set([...session.looking].filter((id) => !forgotten.has(id))));
}

type Sessions = Pick<CommandDependencies, 'sessions'>;
