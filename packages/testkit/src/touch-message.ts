import {
  type ChatLimits,
  type CommandPlan,
  type ConversationId,
  chatLimits,
  noChanges,
  noNeeds,
} from '@everywire/chat';
import { commitNotices } from '@everywire/chat/internal';

/**
 * Changes the text of a message that is already there, as an edit will: nothing else raises a modification yet, and the
 * rules about it (CH-6, CH-8 to CH-10) must be tried on something real. For tests only; anybody may do it to anything.
 */
export function planTestTouch(touch: {
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly text: string;
}): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: touch.conversation },
    needs: { ...noNeeds, openMembers: true, messages: [touch.sequence] },
    decide: (rows) => {
      const message = rows.messages.get(touch.sequence);
      if (rows.conversation === null || message === undefined) return { outcome: 'refused', code: 'not_found' };
      const conversation = { ...rows.conversation, modification: rows.conversation.modification + 1 };
      const touched = {
        ...message,
        modification: conversation.modification,
        body: { kind: 'text' as const, text: touch.text },
      };
      return {
        outcome: 'accepted',
        changes: { ...noChanges, conversation, touch: [touched] },
        result: {},
        notices: commitNotices({
          epoch: rows.epoch,
          before: rows.conversation,
          conversation,
          message: touched,
          users: rows.open ?? [],
          members: rows.members,
        }),
      };
    },
  };
}

/** Limits low enough to be reached by a test. */
export function lowLimits(changed: Partial<ChatLimits>): ChatLimits {
  return { ...chatLimits, ...changed };
}
