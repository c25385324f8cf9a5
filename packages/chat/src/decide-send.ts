import { appendMessage, type NewMarks } from './append.js';
import type { CommandContext } from './command-context.js';
import type { CommandDecision, CommandPlan } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import type { Message, TextBody } from './message.js';
import type { CommandId, Follow, Member } from './model.js';
import { mentionsIn, namedMessage } from './named-message.js';
import { type Admitted, admit } from './permission.js';
import { noChanges, noNeeds, type Refused, type Rows } from './store.js';
import { isOpen } from './visibility.js';
import type { Forward, Send } from './wire-messages.js';

/**
 * Plans to append a text to the log. Does not move the sender's read position, because the sender may not have seen
 * messages that arrived meanwhile (CH-19).
 */
export function planSend(command: Send, context: CommandContext): CommandPlan {
  const { quote, thread, mentions } = command;
  const called = mentions?.users ?? [];
  const { mentionsMax, filesMax } = context.limits;
  if (called.length > mentionsMax || (command.files?.length ?? 0) > filesMax) return refusedTooMany;
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: {
      ...noNeeds,
      members: [...new Set([context.actor, ...called])],
      messages: [quote, thread].flatMap((name) => name?.sequence ?? []),
      thread: thread?.sequence ?? null,
    },
    decide: (rows) => {
      const admitted = admit(mentions?.all ? 'mentionAll' : 'send', rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const body = bodyOf(command, context);
      if (body === null) return notFound;
      if (isMissing(rows, admitted.member, quote)) return notFound;
      const root = thread === undefined ? null : rootOf(rows, admitted.member, command);
      if (root !== null && 'outcome' in root) return root;
      const found = mentionsIn(rows, context.actor, mentions);
      return decideText(rows, admitted, {
        body,
        marks: { ...(quote && { quote }), ...(found && { mentions: found }) },
        root,
        context: { ...context, commandId: command.id },
        draft: command.draft,
      });
    },
  };
}

/** Returns whether a quoted message does not exist or is not visible to the sender. */
function isMissing(rows: Rows, member: Member, quote: Send['quote']): boolean {
  return quote !== undefined && namedMessage(rows, member, quote) === null;
}

/** Returns the body; `null` if the sender may not attach one of the files. */
function bodyOf({ text, files }: Send, context: CommandContext): TextBody | null {
  if (files === undefined) return { kind: 'text', text };
  return context.files ? { kind: 'text', text, files: context.files } : null;
}

/** Plans to append a copy of a message. A copy of a forwarded message keeps the name of the original author. */
export function planForward(command: Forward, context: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [context.actor] },
    decide: (rows) => {
      const admitted = admit('send', rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const { forwarded = null } = context;
      if (forwarded === null) return notFound;
      const { body, sender, sentAt } = forwarded;
      if (body.kind !== 'text') return { outcome: 'refused', code: 'denied' };
      return decideText(rows, admitted, {
        body,
        marks: { forwarded: forwarded.forwarded ?? { sender, sentAt } },
        root: null,
        context: { ...context, commandId: command.id },
      });
    },
  };
}

const refusedTooMany: Refused = { outcome: 'refused', code: 'too_many' };
const notFound: Refused = { outcome: 'refused', code: 'not_found' };

/**
 * Returns the root of the thread that a reply belongs to. A reply may name the root or another reply of the thread,
 * because a reply cannot be the root of a further thread (CH-21).
 */
function rootOf(rows: Rows, member: Member, { thread }: Send): Message | Refused {
  const named = thread === undefined ? null : namedMessage(rows, member, thread);
  if (named === null) return notFound;
  const root = named.thread === undefined ? named : rows.messages.get(named.thread.root);
  if (root === undefined) return notFound;
  return root.body.kind === 'service' ? { outcome: 'refused', code: 'denied' } : root;
}

interface Text {
  readonly body: TextBody;
  readonly marks: NewMarks;
  readonly root: Message | null;
  readonly context: CommandContext & { readonly commandId: CommandId };
  /** The newest revision of a draft that this message clears. */
  readonly draft?: number | undefined;
}

/** Decides to append a text: the message, the change of the root if it is a reply, the sender's row, and follows. */
function decideText(rows: Rows, admitted: Admitted, { body, marks, root, context, draft = 0 }: Text): CommandDecision {
  const reply = root === null ? {} : replyMarks(rows, root, context.actor);
  const appended = appendMessage(admitted.conversation, admitted.member, body, {
    ...context,
    marks: { ...marks, ...reply },
  });
  const { message, sender } = appended;
  const modification = appended.conversation.modification + (root === null ? 0 : 1);
  const conversation = { ...appended.conversation, modification };
  const { thread, mentions } = message;
  return {
    outcome: 'accepted',
    changes: {
      ...noChanges,
      conversation,
      append: [message],
      touch: root === null ? [] : [{ ...root, replies: (root.replies ?? 0) + 1, modification }],
      // The draft belongs to the composer of the conversation. A thread has a separate composer, so a reply clears no
      // draft.
      members: [root === null ? withoutDraft(sender, draft) : sender],
      follows: root === null ? [] : followsAfter(rows, admitted, root, message),
    },
    result: {
      sequence: message.sequence,
      id: message.id,
      sentAt: message.sentAt,
      ordinal: message.ordinal,
      modification,
      ...(thread && { thread }),
      ...(mentions && { mentions }),
      ...(body.files && { files: body.files }),
    },
    notices: commitNotices({
      epoch: rows.epoch,
      before: admitted.conversation,
      conversation,
      message,
      root: root?.sequence ?? null,
      users: rows.open ?? [],
      members: null,
    }),
  };
}

/** Returns the parts of a reply that number it: within its thread, and among the sender's replies in the thread. */
function replyMarks(rows: Rows, root: Message, sender: number): Pick<Required<NewMarks>, 'thread' | 'threadSent'> {
  const threadSent = (rows.follows.get(sender)?.sent ?? rows.threadSent.get(sender) ?? 0) + 1;
  return { thread: { root: root.sequence, ordinal: (root.replies ?? 0) + 1 }, threadSent };
}

/**
 * Returns the follows (read positions in a thread) that a reply creates or changes. The author of the reply, the users
 * mentioned in it and the author of the root follow the thread. New followers start at this reply, so earlier replies
 * do not count as unread.
 */
function followsAfter(rows: Rows, { conversation, member }: Admitted, root: Message, reply: Message): Follow[] {
  const others = [root.sender, ...(reply.mentions?.users ?? [])].filter(
    (user) => user !== member.user && isOpen(rows.members.get(user)) && !rows.follows.has(user),
  );
  const fromHere = (user: number): Follow => {
    const sent = rows.threadSent.get(user) ?? 0;
    const place = { conversation: conversation.id, user, root: root.sequence };
    return { ...place, sent, read: conversation.sequence, readOrdinal: root.replies ?? 0, readSent: sent };
  };
  const own = rows.follows.get(member.user) ?? fromHere(member.user);
  return [{ ...own, sent: own.sent + 1 }, ...[...new Set(others)].map(fromHere)];
}

/**
 * Clears the draft up to `revision`. A newer draft, written on another device while this message waited to be sent,
 * stays.
 */
function withoutDraft(member: Member, revision: number): Member {
  if (member.draft.text === '' || member.draft.revision > revision) return member;
  return { ...member, draft: { text: '', revision: member.draft.revision + 1 }, revision: member.revision + 1 };
}
