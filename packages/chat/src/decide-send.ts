import { appendMessage } from './append.js';
import type { CommandContext } from './command-context.js';
import type { CommandPlan } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import type { Member } from './model.js';
import { admit } from './permission.js';
import type { Send } from './wire.js';

/** Appends a text. It does not move `read`: the sender may not have seen what arrived meanwhile (CH-19). */
export function planSend(command: Send, context: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { members: [context.actor], openMembers: false, messages: [], largeCounts: false },
    decide: (rows) => {
      const admitted = admit('send', rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const { conversation, sender, message } = appendMessage(
        admitted.conversation,
        admitted.member,
        { kind: 'text', text: command.text },
        { ...context, commandId: command.id },
      );
      return {
        outcome: 'accepted',
        changes: { conversation, append: [message], touch: [], members: [withoutDraft(sender)] },
        result: {
          sequence: message.sequence,
          id: message.id,
          sentAt: message.sentAt,
          ordinal: message.ordinal,
          modification: conversation.modification,
        },
        tell: commitNotices({
          epoch: rows.epoch,
          before: admitted.conversation,
          conversation,
          message,
          users: rows.open ?? [],
          members: null,
        }),
      };
    },
  };
}

function withoutDraft(member: Member): Member {
  if (member.draft.text === '') return member;
  return { ...member, draft: { text: '', revision: member.draft.revision + 1 }, revision: member.revision + 1 };
}
