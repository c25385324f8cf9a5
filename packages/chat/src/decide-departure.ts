import type { CommandContext } from './command-context.js';
import { type CommandDecision, type CommandPlan, nothingToDo } from './command-plan.js';
import { decideDelete } from './decide-delete.js';
import { emptyMessage } from './decide-edit.js';
import { writeTouched } from './decide-touch.js';
import { checkDecision } from './decision-invariants.js';
import type { CommandId, Conversation, ConversationId, Member, MessageName } from './model.js';
import { noNeeds } from './store.js';

/*
 * Plans to erase the data that a deleted account leaves in conversations (CH-40). The actor is that account. It has no
 * permissions, so these plans check none; the caller is responsible for the decision.
 */

/** Plans to delete the account's notes, or a group or channel without members, whose name was given by users who are gone. */
export function planEraseUnseen(
  conversation: ConversationId,
  context: CommandContext & { readonly commandId: CommandId },
): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation },
    needs: { ...noNeeds, members: [context.actor], openMembers: true },
    decide: (rows) => {
      const { conversation: before } = rows;
      if (before === null || before.deleted || !isUnseen(before)) return nothingToDo;
      return checkDecision(rows, withoutName(decideDelete(rows, before, context), rows.members.get(context.actor)));
    },
  };
}

/**
 * Returns the decision with the name of the conversation removed. Other deleted conversations keep the name for their
 * members, and former members keep the name from when they left.
 */
function withoutName(decision: CommandDecision, member: Member | undefined): CommandDecision {
  if (decision.outcome === 'refused' || decision.changes === null) return decision;
  const conversation = decision.changes.conversation && { ...decision.changes.conversation, name: '' };
  const members = member?.ended == null ? [] : [{ ...member, ended: { ...member.ended, name: '' } }];
  return { ...decision, changes: { ...decision.changes, conversation, members } };
}

/** Returns whether no one can read the conversation again. In a group that anyone may join, a returning user can. */
function isUnseen({ kind, memberCount, settings }: Conversation): boolean {
  if (kind === 'notes') return true;
  return kind !== 'direct' && memberCount === 0 && settings.join !== 'anyone';
}

/** Plans to recall one text of the account, whatever its age and whether or not the account was still a member. */
export function planEraseText(
  conversation: ConversationId,
  name: MessageName,
  { actor }: Pick<CommandContext, 'actor'>,
): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation },
    needs: { ...noNeeds, members: [actor], openMembers: true, messages: [name.sequence] },
    decide: (rows) => {
      const message = rows.messages.get(name.sequence);
      const { conversation: before } = rows;
      if (before === null || before.deleted || message === undefined) return nothingToDo;
      if (message.id !== name.id || message.sender !== actor || message.body.kind !== 'text') return nothingToDo;
      return checkDecision(rows, writeTouched(rows, before, message, { message: emptyMessage(message, actor) }));
    },
  };
}
