import {
  type ConversationId,
  checkEntryPermission,
  type ErrorCode,
  type PresenceState,
  type SessionCommand,
  type Typing,
  type UserId,
  type Watch,
} from '@everywire/chat';
import { isOpen } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { presenceTopic, watchTopic } from './topics.js';

/** What concerns only this session and who looks at it now. Nothing of it is stored. */
export async function runSessionCommand(
  session: LiveSession,
  command: SessionCommand,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { hints, presence, sessions, wallNow } = dependencies;
  switch (command.command) {
    case 'typing':
      return runTyping(session, command, dependencies);
    case 'watch':
      return runWatch(session, command, dependencies);
    case 'watchPresence': {
      const users = new Set(command.users);
      for (const user of session.looking) if (!users.has(user)) session.wire.leave(presenceTopic(user));
      const hiding = await dependencies.store.blockedBy(session.user, [...users]);
      for (const user of users) {
        if (hiding.has(user)) session.wire.leave(presenceTopic(user));
        else session.wire.join(presenceTopic(user));
      }
      sessions.look(session, users);
      return {
        outcome: 'ok',
        body: { presence: [...users].map((user) => (hiding.has(user) ? away(user) : presence.stateOf(user))) },
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

async function runTyping(
  session: LiveSession,
  { conversation, typing }: Typing,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { hints, wallNow, store } = dependencies;
  const { entry } = await store.entry(session.user, conversation);
  const code = checkEntryPermission('typing', entry);
  if (code !== null) return refuse(code);
  if (entry?.peer && (entry.blocked || (await store.blockedBy(session.user, [entry.peer.user])).size > 0)) return done;
  // Who types too fast is not refused: the notice before is still being shown.
  if (dependencies.typing.spend(`${session.wire.serial}:${conversation}:${typing}`, wallNow()) > 0) return done;
  hints.typing({ event: 'typing', conversation, user: session.user, typing });
  return done;
}

/** What is said of somebody who does not want to be seen: nothing. */
function away(user: UserId): PresenceState {
  return { user, state: 'away', lastSeenAt: null };
}

/** All or nothing: one that is not the person's to see refuses the whole set, and what was watched before stays. */
async function runWatch(
  session: LiveSession,
  command: Watch,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const wanted = new Set(command.conversations);
  for (const conversation of wanted) {
    if (session.watching.has(conversation)) continue;
    const code = await checkOpen(session.user, conversation, dependencies);
    if (code !== null) return refuse(code);
  }
  for (const conversation of session.watching) {
    if (!wanted.has(conversation)) session.wire.leave(watchTopic(conversation, session.user));
  }
  for (const conversation of wanted) session.wire.join(watchTopic(conversation, session.user));
  dependencies.sessions.watch(session, wanted);
  return done;
}

async function checkOpen(
  user: UserId,
  conversation: ConversationId,
  { views, epoch }: CommandDependencies,
): Promise<ErrorCode | null> {
  const view = await views.read(conversation, [user], { epoch, membersAt: 0 });
  const periods = view.periods.get(user);
  if (periods === undefined) return 'not_found';
  return isOpen({ periods }) ? null : 'not_member';
}
