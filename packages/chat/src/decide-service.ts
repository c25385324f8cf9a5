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
  /** Applies the change that the message describes, once it is appended. */
  readonly change: (conversation: Conversation) => Conversation;
  readonly members: (sender: Member) => readonly Member[];
}

/** Decides a service message and the change that it describes, for changes that neither begin nor end a stay (CH-6). */
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
