import type { CommandContext } from './command-context.js';
import type { Message, MessageBody, MessageMarks } from './message.js';
import type { CommandId, Conversation, Member } from './model.js';

/** A conversation and its sender's row after `message` was appended to the log. */
export interface Appended {
  readonly conversation: Conversation;
  readonly sender: Member;
  readonly message: Message;
}

/** The parts of a new message other than its body. */
export type NewMarks = Pick<MessageMarks, 'quote' | 'mentions' | 'thread' | 'forwarded'> & Pick<Message, 'threadSent'>;

/**
 * Appends one message to the log (CH-5, CH-6). The only place that raises a sequence. A reply in a thread does not count (CH-21).
 */
export function appendMessage(
  conversation: Conversation,
  sender: Member,
  body: MessageBody,
  context: CommandContext & { readonly commandId: CommandId; readonly marks?: NewMarks },
): Appended {
  const { marks = {} } = context;
  const counts = body.kind === 'text' && marks.thread === undefined ? 1 : 0;
  const grown: Conversation = {
    ...conversation,
    sequence: conversation.sequence + 1,
    count: conversation.count + counts,
    activity: isPassing(conversation, body) ? conversation.activity : Math.max(conversation.activity, context.now),
  };
  const wrote: Member = { ...sender, sent: sender.sent + counts };
  const message: Message = {
    conversation: conversation.id,
    sequence: grown.sequence,
    id: context.messageId,
    sender: sender.user,
    commandId: context.commandId,
    body,
    // After the clock was set back, no message may precede an earlier one: searches use time, and pages of a conversation must
    // agree.
    sentAt: Math.max(conversation.activity, context.now),
    modification: 0,
    ordinal: grown.count,
    senderOrdinal: wrote.sent,
    ...marks,
  };
  return { conversation: grown, sender: wrote, message };
}

/** Returns whether the message must not raise the conversation in lists: joining or leaving a channel (CH-24). */
function isPassing({ kind }: Conversation, body: MessageBody): boolean {
  if (kind !== 'channel' || body.kind !== 'service') return false;
  return body.service.change === 'joined' || body.service.change === 'left';
}
