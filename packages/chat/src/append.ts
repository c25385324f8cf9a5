import type { CommandContext } from './command-context.js';
import type { Message, MessageBody, MessageMarks } from './message.js';
import type { CommandId, Conversation, Member } from './model.js';

/** A conversation and its sender's row as they are once `message` is at the end of the log. */
export interface Appended {
  readonly conversation: Conversation;
  readonly sender: Member;
  readonly message: Message;
}

/** What a new message has besides its body. */
export type NewMarks = Pick<MessageMarks, 'quote' | 'mentions' | 'thread' | 'forwarded'> & Pick<Message, 'threadSent'>;

/** Puts one message at the end (CH-5, CH-6): the only place that raises a sequence. A reply in a thread does not count (CH-21). */
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
    // A clock that was set back moves no message before the one it follows: searches go by time, and pages of one conversation agree.
    sentAt: Math.max(conversation.activity, context.now),
    modification: 0,
    ordinal: grown.count,
    senderOrdinal: wrote.sent,
    ...marks,
  };
  return { conversation: grown, sender: wrote, message };
}

/** Who comes to a channel or goes does not bring it to the top of everybody's list (CH-24). */
function isPassing({ kind }: Conversation, body: MessageBody): boolean {
  if (kind !== 'channel' || body.kind !== 'service') return false;
  return body.service.change === 'joined' || body.service.change === 'left';
}
