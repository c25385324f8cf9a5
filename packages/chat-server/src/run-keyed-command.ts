import { createHash } from 'node:crypto';
import { commandText, type KeyedCommand, planCommand, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import type { RequestOutcome } from './request-outcome.js';

/** Plans, commits, tells, answers: in this order, so that what is acknowledged is committed (CH-1). */
export async function runKeyedCommand(
  actor: UserId,
  command: KeyedCommand,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { store, hints, limits } = dependencies;
  if (!(await doPeopleExist(command, dependencies))) return { outcome: 'refused', code: 'not_found' };
  const now = dependencies.wallNow();
  const plan = planCommand(command, { actor, now, messageId: dependencies.newMessageId(), limits });
  if (plan.outcome === 'refused') return plan;
  const { target, needs, decide } = plan;
  const hash = createHash('sha256').update(commandText(command)).digest('base64url');
  const change = await store.change({ target, needs, decide, key: { user: actor, id: command.id, hash, at: now } });
  if (change.outcome === 'refused') return change;
  if (change.outcome === 'committed') hints.tell(change.tell);
  return { outcome: 'ok', body: { ...change.result, epoch: change.epoch } };
}

/** People are kept apart from conversations, so the store cannot see whether those who are named exist. */
async function doPeopleExist(command: KeyedCommand, { accounts }: CommandDependencies): Promise<boolean> {
  const named = peopleOf(command);
  if (named.length === 0) return true;
  return (await accounts.users(named)).length === named.length;
}

function peopleOf(command: KeyedCommand): readonly UserId[] {
  switch (command.command) {
    case 'createDirect':
      return [command.peer];
    case 'createGroup':
    case 'add':
      return [...new Set(command.users)];
    default:
      return [];
  }
}
