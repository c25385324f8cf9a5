import { appendMessage } from './append.js';
import type { CommandContext } from './command-context.js';
import type { CommandDecision } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import type { ServiceChange } from './message.js';
import type { CommandId, Conversation, Member } from './model.js';
import { noChanges, type Rows } from './store.js';

interface Service {
  readonly context: CommandContext & { readonly commandId: CommandId };
  readonly service: ServiceChange;
  /** Applies the change that the message reports to the conversation, to which the message was appended already. */
  readonly change: (conversation: Conversation) => Conversation;
  /** Returns the member rows to write. */
  readonly members: (sender: Member) => readonly Member[];
}

/**
 * Decides to append a service message and to make the change that it reports. For changes that neither begin nor end a
 * stay (CH-6).
 */
export function decideService(
  rows: Rows,
  admitted: { readonly conversation: Conversation; readonly member: Member },
  { context, service, change, members }: Service,
): CommandDecision {
  const appended = appendMessage(admitted.conversation, admitted.member, { kind: 'service', service }, context);
  const conversation = change(appended.conversation);
  return {
    outcome: 'accepted',
    changes: { ...noChanges, conversation, append: [appended.message], members: members(appended.sender) },
    result: {},
    notices: commitNotices({
      epoch: rows.epoch,
      before: admitted.conversation,
      conversation,
      message: appended.message,
      users: rows.open ?? [],
      members: null,
    }),
  };
}
