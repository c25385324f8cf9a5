import type { CommandContext } from './command-context.js';
import type { CommandId, Conversation, Member, Message, MessageBody } from './model.js';

/** A conversation and its sender's row as they are once `message` is at the end of the log. */
export interface Appended {
  readonly conversation: Conversation;
  readonly sender: Member;
  readonly message: Message;
}

/** Puts one message at the end (CH-5, CH-6): the only place that raises a sequence. */
export function appendMessage(
  conversation: Conversation,
  sender: Member,
  body: MessageBody,
  context: CommandContext & { readonly commandId: CommandId },
): Appended {
  const counts = body.kind === 'text' ? 1 : 0;
  const grown: Conversation = {
    ...conversation,
    sequence: conversation.sequence + 1,
    count: conversation.count + counts,
    activity: Math.max(conversation.activity, context.now),
  };
  const wrote: Member = { ...sender, sent: sender.sent + counts };
  const message: Message = {
    conversation: conversation.id,
    sequence: grown.sequence,
    id: context.messageId,
    sender: sender.user,
    commandId: context.commandId,
    body,
    sentAt: context.now,
    modification: 0,
    ordinal: grown.count,
    senderOrdinal: wrote.sent,
  };
  return { conversation: grown, sender: wrote, message };
}
