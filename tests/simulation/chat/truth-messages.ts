import type {
  Edit,
  KeyedCommand,
  Mentions,
  Message,
  MessageCommand,
  Pin,
  React,
  Reaction,
  Recall,
  Send,
  UserId,
} from '@everywire/chat';
import {
  append,
  headOf,
  isOpen,
  maySee,
  openUsers,
  type TrueConversation,
  type TrueMessage,
  visible,
} from './truth.js';
import { writeDraft } from './truth-own.js';

/** The commands on messages. The type makes the list complete. */
const names: Readonly<Record<MessageCommand['command'], true>> = {
  send: true,
  forward: true,
  edit: true,
  recall: true,
  react: true,
  pin: true,
  hide: true,
};

/** Returns whether the command sends, forwards or changes a message. */
export function isMessageCommand(command: KeyedCommand): command is MessageCommand {
  return Object.hasOwn(names, command.command);
}

/**
 * Applies a command that the server accepted to the messages of a conversation in the truth, which is the expected state.
 * `forwarded` is the message that a `forward` copied.
 */
export function acceptMessageCommand(
  conversation: TrueConversation,
  actor: UserId,
  command: MessageCommand,
  forwarded: Message | null,
): void {
  if (command.command === 'send') {
    acceptSend(conversation, actor, command);
    return;
  }
  if (command.command === 'forward') {
    const text = forwarded?.body.kind === 'text' ? forwarded.body.text : null;
    const forwardedFrom = forwarded?.forwarded?.sender ?? forwarded?.sender ?? null;
    append(conversation, { sender: actor, text, commandId: command.id, forwardedFrom });
    return;
  }
  if (command.command === 'hide') {
    for (const { sequence } of command.messages) conversation.members.get(actor)?.hidden.add(sequence);
    return;
  }
  const message = conversation.messages[command.message.sequence - 1];
  if (message !== undefined) acceptTouch(conversation, actor, { message, command });
}

/** Applies a command that changes an existing message. */
function acceptTouch(
  conversation: TrueConversation,
  actor: UserId,
  { message, command }: { readonly message: TrueMessage; readonly command: Edit | Recall | React | Pin },
): void {
  switch (command.command) {
    case 'edit':
      acceptEdit(conversation, actor, message, command);
      return;
    case 'recall':
      if (message.recalled) return;
      touch(conversation, message);
      Object.assign(message, { recalled: true, text: null, quote: null, mentions: null, forwardedFrom: null });
      Object.assign(message, { versions: [], edited: 0, pinnedBy: null, reactions: [] });
      return;
    case 'react':
      acceptReaction(conversation, actor, message, command);
      return;
    case 'pin':
      if ((message.pinnedBy !== null) === command.set || message.text === null) return;
      touch(conversation, message);
      message.pinnedBy = command.set ? actor : null;
  }
}

/** Counts a change of a message. */
function touch(conversation: TrueConversation, message: TrueMessage): void {
  conversation.modification += 1;
  message.modification = conversation.modification;
}

/** Returns the mentions that take effect: of other members only, each once; `null` if there are none. */
function effectiveMentions(
  conversation: TrueConversation,
  actor: UserId,
  wanted: Mentions | undefined,
): Mentions | null {
  if (wanted === undefined) return null;
  const users = [...new Set(wanted.users)].filter((user) => user !== actor && isOpen(conversation, user));
  return users.length > 0 || wanted.all ? { users, all: wanted.all } : null;
}

function acceptSend(conversation: TrueConversation, actor: UserId, command: Send): void {
  const { text, quote, thread } = command;
  const before = headOf(conversation);
  const mentions = effectiveMentions(conversation, actor, command.mentions);
  // A reply to a reply belongs to the thread of the same root.
  const repliedTo = thread === undefined ? undefined : conversation.messages[thread.sequence - 1];
  const root = thread === undefined ? null : (repliedTo?.root ?? thread.sequence);
  append(conversation, {
    sender: actor,
    text,
    commandId: command.id,
    quote: quote?.sequence ?? null,
    mentions,
    root,
  });
  const rootMessage = root === null ? undefined : conversation.messages[root - 1];
  const sender = conversation.members.get(actor);
  if (root === null && sender !== undefined && sender.draft.revision <= (command.draft ?? 0)) writeDraft(sender, '');
  if (root === null || rootMessage === undefined) return;
  touch(conversation, rootMessage);
  for (const user of [actor, rootMessage.sender, ...(mentions?.users ?? [])]) {
    const member = conversation.members.get(user);
    if (isOpen(conversation, user) && member?.follows.has(root) === false) member.follows.set(root, before);
  }
}

function acceptEdit(conversation: TrueConversation, actor: UserId, message: TrueMessage, command: Edit): void {
  const mentions = effectiveMentions(conversation, actor, command.mentions);
  if (message.text === command.text && JSON.stringify(mentions) === JSON.stringify(message.mentions)) return;
  // The server must refuse an edit that is based on another text. If it did not, this text makes a later check fail.
  const text = command.base === message.edited ? command.text : 'an edit that was lost';
  message.versions.push({ text: message.text ?? '', modification: message.edited });
  touch(conversation, message);
  Object.assign(message, { text, mentions, edited: message.modification });
}

function acceptReaction(
  conversation: TrueConversation,
  actor: UserId,
  message: TrueMessage,
  { emoji, set }: React,
): void {
  const others = (reaction: Reaction): boolean => reaction.emoji !== emoji;
  const known = message.reactions.find((reaction) => reaction.emoji === emoji);
  if ((known?.users.includes(actor) ?? false) === set) return;
  touch(conversation, message);
  const users = set ? [...(known?.users ?? []), actor] : (known?.users ?? []).filter((user) => user !== actor);
  if (known === undefined) message.reactions = [...message.reactions, { emoji, users }];
  else if (users.length === 0) message.reactions = message.reactions.filter(others);
  else message.reactions = message.reactions.map((each) => (others(each) ? each : { emoji, users }));
}

/** Returns the sequences that the user may see and has not hidden. */
export function shownTo(conversation: TrueConversation, user: UserId): readonly number[] {
  const hidden = conversation.members.get(user)?.hidden;
  return visible(conversation, user).filter((sequence) => !hidden?.has(sequence));
}

/** CH-19, CH-20, CH-21, CH-24: the expected unread counts and preview of an entry, computed by a scan of all messages. */
export function attentionOf(
  conversation: TrueConversation,
  user: UserId,
): {
  readonly unread: number;
  readonly mentions: number;
  readonly mentionAt: number | null;
  readonly threads: readonly { readonly root: number; readonly unread: number; readonly mentions: number }[];
  readonly preview: number | null;
} {
  const member = conversation.members.get(user);
  const shown = shownTo(conversation, user).map((sequence) => ({
    sequence,
    message: messageAt(conversation, sequence),
  }));
  const { isVisible, isMention } = predicatesFor(conversation, user);
  const main = newFromOthers(conversation, user, null, member?.read ?? 0);
  const mentionSequences = main.filter(isMention).map(({ sequence }) => sequence);
  const threads = followedBy(conversation, user)
    .filter(({ unread }) => unread > 0)
    .sort((a, b) => b.root - a.root);
  return {
    unread: main.filter(({ message }) => message.counts).filter(isVisible).length,
    mentions: mentionSequences.length,
    mentionAt: mentionSequences[0] ?? null,
    threads,
    preview: shown.findLast(({ message }) => message.root === null)?.sequence ?? null,
  };
}

/** A message with its sequence. */
interface NumberedMessage {
  readonly message: TrueMessage;
  readonly sequence: number;
}

/** Returns the messages of others after `read`, in the thread of `root`; with `null`, outside threads. */
function newFromOthers(
  conversation: TrueConversation,
  user: UserId,
  root: number | null,
  read: number,
): readonly NumberedMessage[] {
  return conversation.messages
    .map((message, index) => ({ message, sequence: index + 1 }))
    .filter(({ message, sequence }) => message.root === root && message.sender !== user && sequence > read);
}

/** Returns predicates on messages from the user's point of view. */
function predicatesFor(
  { members }: TrueConversation,
  user: UserId,
): {
  readonly isVisible: (each: NumberedMessage) => boolean;
  readonly isMention: (each: NumberedMessage) => boolean;
} {
  return {
    /** Neither recalled nor hidden by the user. Only such messages count as unread (CH-19). */
    isVisible: ({ sequence, message }) => !message.recalled && !members.get(user)?.hidden.has(sequence),
    /** Mentions the user. */
    isMention: ({ message: { mentions } }) => mentions !== null && (mentions.all || mentions.users.includes(user)),
  };
}

/** CH-21: the threads that the user follows, with their expected unread counts. */
export function followedBy(
  conversation: TrueConversation,
  user: UserId,
): readonly { readonly root: number; readonly unread: number; readonly mentions: number }[] {
  const { isVisible, isMention } = predicatesFor(conversation, user);
  return [...(conversation.members.get(user)?.follows ?? [])].map(([root, read]) => {
    const replies = newFromOthers(conversation, user, root, read);
    return { root, unread: replies.filter(isVisible).length, mentions: replies.filter(isMention).length };
  });
}

/** Returns the message with this sequence. @throws Error if there is none */
export function messageAt(conversation: TrueConversation, sequence: number): TrueMessage {
  const message = conversation.messages[sequence - 1];
  if (message === undefined) throw new Error(`no message ${sequence}`);
  return message;
}

/** CH-21: the number of replies in the thread of `root` during the user's memberships, hidden or not. */
export function repliesSeen(conversation: TrueConversation, user: UserId, root: number): number {
  return conversation.messages.filter(
    (message, index) => message.root === root && maySee(conversation, user, index + 1),
  ).length;
}

/** CH-23: the number of other members who have read the message, as far as the sender may know. */
export function readersOf(conversation: TrueConversation, sender: UserId, sequence: number): number {
  return openUsers(conversation).filter((user) => {
    const member = conversation.members.get(user);
    const from = conversation.kind === 'direct' ? 0 : (member?.periods.at(-1)?.from ?? 0);
    return user !== sender && from <= sequence && (member?.shown ?? 0) >= sequence;
  }).length;
}
