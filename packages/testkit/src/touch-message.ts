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
 * Plans a change of a message's text without any permission check, to test the rules about modifications (CH-6, CH-8 to CH-10). For tests only.
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

/** Returns limits that are low enough to be reached by a test. */
export function lowLimits(changed: Partial<ChatLimits>): ChatLimits {
  return { ...chatLimits, ...changed };
}
