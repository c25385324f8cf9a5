import type { CommandContext } from './command-context.js';
import { type CommandDecision, type CommandPlan, nothingToDo } from './command-plan.js';
import { decideDelete } from './decide-delete.js';
import { emptyMessage } from './decide-edit.js';
import { writeTouched } from './decide-touch.js';
import { checkDecision } from './decision-invariants.js';
import type { CommandId, Conversation, ConversationId, Member, MessageName } from './model.js';
import { noNeeds } from './store.js';

/*
 * What a deleted account leaves in conversations (CH-40). The actor is that account, which may not do anything any more: the caller has decided it.
 */

/** Deletes the account's conversation with itself, and a group or channel that nobody is in any more: its name was given by people who are gone. */
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

/** Elsewhere a deleted conversation keeps its name for those who were in it. Former members keep the name that it had when they left. */
function withoutName(decision: CommandDecision, member: Member | undefined): CommandDecision {
  if (decision.outcome === 'refused' || decision.changes === null) return decision;
  const conversation = decision.changes.conversation && { ...decision.changes.conversation, name: '' };
  const members = member?.ended == null ? [] : [{ ...member, ended: { ...member.ended, name: '' } }];
  return { ...decision, changes: { ...decision.changes, conversation, members } };
}

/** In a group that anyone may join, what was said before is there for who comes back. */
function isUnseen({ kind, memberCount, settings }: Conversation): boolean {
  if (kind === 'notes') return true;
  return kind !== 'direct' && memberCount === 0 && settings.join !== 'anyone';
}

/** Recalls one text of the account, however old it is and whether or not the account was still in the conversation. */
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
