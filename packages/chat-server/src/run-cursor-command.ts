import { type CursorCommand, type CursorPlan, planDelivered, planDraft, planRead } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import type { RequestOutcome } from './request-outcome.js';

/** Moves a cursor or keeps a draft. Carries no key: running it again is harmless. */
export async function runCursorCommand(
  session: LiveSession,
  command: CursorCommand,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { receipts, wallNow } = dependencies;
  const now = wallNow();
  switch (command.command) {
    case 'draft':
      return commitCursor(session, planDraft(command), dependencies);
    case 'read':
    case 'delivered': {
      // A receipt says the same as the next one, a second later; a client that tells each message apart is told to gather.
      const thread = command.command === 'read' ? (command.thread ?? 0) : 0;
      const key = `${session.wire.serial}:${command.command}:${command.conversation}:${thread}`;
      if (receipts.spend(key, now) > 0) return { outcome: 'refused', code: 'rate_limited' };
      const plan =
        command.command === 'read' ? planRead(command, { actor: session.user, now }) : planDelivered(command, { now });
      return commitCursor(session, plan, dependencies);
    }
  }
}

async function commitCursor<Result extends object>(
  { user }: LiveSession,
  plan: CursorPlan<Result>,
  { store, hints }: CommandDependencies,
): Promise<RequestOutcome> {
  const change = await store.changeMember({ ...plan, user });
  if (change.outcome === 'refused') return change;
  hints.tell(change.tell);
  return { outcome: 'ok', body: change.result };
}
