import type { CommandContext } from './command-context.js';
import type { Message, MessageBody, MessageMarks } from './message.js';
import type { CommandId, Conversation, Member } from './model.js';

/** A conversation and the sender's row after `message` was appended to the log. */
export interface Appended {
  readonly conversation: Conversation;
  readonly sender: Member;
  readonly message: Message;
}

/** The parts of a new message other than its body. */
export type NewMarks = Pick<MessageMarks, 'quote' | 'mentions' | 'thread' | 'forwarded'> & Pick<Message, 'threadSent'>;

/**
 * Appends one message to the log (CH-5, CH-6). No other code raises a sequence. A reply in a thread and a service
 * message do not count as unread in the conversation (CH-21).
 */
export function appendMessage(
  conversation: Conversation,
  sender: Member,
  body: MessageBody,
  context: CommandContext & { readonly commandId: CommandId; readonly marks?: NewMarks },
): Appended {
  const { marks = {} } = context;
  const counts = body.kind === 'text' && marks.thread === undefined ? 1 : 0;
  const conversationAfter: Conversation = {
    ...conversation,
    sequence: conversation.sequence + 1,
    count: conversation.count + counts,
    activity: isPassing(conversation, body) ? conversation.activity : Math.max(conversation.activity, context.now),
  };
  const senderAfter: Member = { ...sender, sent: sender.sent + counts };
  const message: Message = {
    conversation: conversation.id,
    sequence: conversationAfter.sequence,
    id: context.messageId,
    sender: sender.user,
    commandId: context.commandId,
    body,
    // If the clock was set back, uses the time of the last message. No message may be older than an earlier one,
    // because searches use times, and pages of a conversation must agree with them.
    sentAt: Math.max(conversation.activity, context.now),
    modification: 0,
    ordinal: conversationAfter.count,
    senderOrdinal: senderAfter.sent,
    ...marks,
  };
  return { conversation: conversationAfter, sender: senderAfter, message };
}

/**
 * Returns whether the message must not move the conversation to the top of lists. That is so for joining and leaving a
 * channel (CH-24).
 */
function isPassing({ kind }: Conversation, body: MessageBody): boolean {
  if (kind !== 'channel' || body.kind !== 'service') return false;
  return body.service.change === 'joined' || body.service.change === 'left';
}
