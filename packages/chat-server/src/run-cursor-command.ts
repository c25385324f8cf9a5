import { type CursorCommand, type CursorPlan, planDelivered, planDraft, planRead, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import type { RequestOutcome } from './request-outcome.js';

/** The owner of the cursors, and the key of the rate limit: the session, or REST. */
export interface CursorOwner {
  readonly user: UserId;
  readonly pace: string;
}

/** Moves a cursor or stores a draft. These commands have no id, because it is harmless to run one again. */
export async function runCursorCommand(
  owner: CursorOwner,
  command: CursorCommand,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { receipts, wallNow } = dependencies;
  const now = wallNow();
  switch (command.command) {
    case 'draft':
      return commitCursor(owner, planDraft(command), dependencies);
    case 'read':
    case 'delivered': {
      // The next receipt, a second later, includes this one; a client that sends one for each message is made to batch
      // them.
      const thread = command.command === 'read' ? (command.thread ?? 0) : 0;
      const key = `${owner.pace}:${command.command}:${command.conversation}:${thread}`;
      if (receipts.spend(key, now) > 0) return { outcome: 'refused', code: 'rate_limited' };
      const plan =
        command.command === 'read' ? planRead(command, { actor: owner.user, now }) : planDelivered(command, { now });
      return commitCursor(owner, plan, dependencies);
    }
  }
}

async function commitCursor<Result extends object>(
  { user }: CursorOwner,
  plan: CursorPlan<Result>,
  { store, hints }: CommandDependencies,
): Promise<RequestOutcome> {
  const change = await store.changeMember({ ...plan, user });
  if (change.outcome === 'refused') return change;
  hints.announce(change.notices, user);
  return { outcome: 'ok', body: change.result };
}
