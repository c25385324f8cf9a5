import { checkEntryPermission, type SessionCommand, type Typing, type Watch } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import { presenceSeen, visibleOnes } from './presence-seen.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { presenceTopic, watchTopic } from './topics.js';

/** Runs a command about current activity in this session. Stores nothing. */
export async function runSessionCommand(
  session: LiveSession,
  command: Exclude<SessionCommand, Typing>,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { hints, presence, sessions, wallNow } = dependencies;
  switch (command.command) {
    case 'watch':
      return runWatch(session, command, dependencies);
    case 'watchPresence': {
      const users = new Set(command.users);
      for (const user of session.looking) if (!users.has(user)) session.wire.leave(presenceTopic(user));
      const visible = await visibleOnes(session, users, dependencies);
      // Records the users before it joins their topics, because the next call must leave every topic that was joined.
      sessions.look(session, users);
      for (const user of users) if (!visible.has(user)) session.wire.leave(presenceTopic(user));
      for (const user of visible) session.wire.join(presenceTopic(user));
      return {
        outcome: 'ok',
        body: {
          // Evaluates the states when the answer is written, so that the answer is not older than a change published
          // before.
          get presence() {
            return presenceSeen(users, visible, presence);
          },
        },
      };
    }
    case 'present': {
      const { serial } = session.wire;
      const now = wallNow();
      hints.presence(command.active ? presence.renew(serial, session.user, now) : presence.end(serial, now));
      return done;
    }
  }
}

const done: RequestOutcome = { outcome: 'ok', body: {} };

/**
 * Replaces the set of watched conversations. If the user may not see one of the conversations, refuses the whole set
 * and keeps the previous one.
 */
async function runWatch(
  session: LiveSession,
  command: Watch,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const wanted = new Set(command.conversations);
  for (const conversation of wanted) {
    if (session.watching.has(conversation)) continue;
    const { entry } = await dependencies.store.entry(session.user, conversation);
    const code = checkEntryPermission('watch', entry);
    if (code !== null) return refuse(code);
  }
  for (const conversation of session.watching) {
    if (!wanted.has(conversation)) session.wire.leave(watchTopic(conversation, session.user));
  }
  // Recorded first, as for presence.
  dependencies.sessions.watch(session, wanted);
  for (const conversation of wanted) session.wire.join(watchTopic(conversation, session.user));
  return done;
}
