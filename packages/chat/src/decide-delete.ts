import { appendMessage } from './append.js';
import type { CommandContext } from './command-context.js';
import { type CommandDecision, type CommandPlan, nothingToDo } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import { newMember } from './membership.js';
import type { CommandId, Conversation } from './model.js';
import { checkDelete } from './permission.js';
import { noChanges, noNeeds, type Rows } from './store.js';
import type { DeleteConversation } from './wire-groups.js';

/**
 * Plans to delete a group or channel for everyone, with a last service message (CH-36). The rows of the members are not
 * changed. The deletion is recorded once, in the conversation, so its cost does not depend on the number of members.
 */
export function planDelete(command: DeleteConversation, context: CommandContext): CommandPlan {
  const { actor, administrator = false } = context;
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [actor], invites: true },
    decide: (rows) => {
      const { conversation: before } = rows;
      const member = rows.members.get(actor);
      const code = checkDelete(before, member, administrator);
      if (code !== null || before === null) return { outcome: 'refused', code: code ?? 'not_found' };
      return before.deleted ? nothingToDo : decideDelete(rows, before, { ...context, commandId: command.id });
    },
  };
}

/** Decides to delete a conversation that is not deleted yet. The caller must have checked the permission. */
export function decideDelete(
  rows: Rows,
  before: Conversation,
  context: CommandContext & { readonly commandId: CommandId },
): CommandDecision {
  const sender = rows.members.get(context.actor) ?? newMember(before, context.actor, 'member');
  const body = { kind: 'service', service: { change: 'deleted' } } as const;
  const appended = appendMessage(before, sender, body, context);
  const { message } = appended;
  const conversation = { ...appended.conversation, membersAt: message.sequence, deleted: true };
  const invites = { put: [], drop: rows.invites.map(({ id }) => id) };
  return {
    outcome: 'accepted',
    changes: { ...noChanges, conversation, append: [message], invites },
    result: {},
    notices: commitNotices({
      epoch: rows.epoch,
      before,
      conversation,
      message,
      users: rows.open ?? [],
      members: null,
    }),
  };
}
