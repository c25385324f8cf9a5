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

const names: Readonly<Record<MessageCommand['command'], true>> = {
  send: true,
  forward: true,
  edit: true,
  recall: true,
  react: true,
  pin: true,
  hide: true,
};

export function isMessageCommand(command: KeyedCommand): command is MessageCommand {
  return Object.hasOwn(names, command.command);
}

/** Applies an accepted command to the messages of a conversation, by a scan of everything. */
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

function touch(conversation: TrueConversation, message: TrueMessage): void {
  conversation.modification += 1;
  message.modification = conversation.modification;
}

function calledBy(conversation: TrueConversation, actor: UserId, wanted: Mentions | undefined): Mentions | null {
  if (wanted === undefined) return null;
  const users = [...new Set(wanted.users)].filter((user) => user !== actor && isOpen(conversation, user));
  return users.length > 0 || wanted.all ? { users, all: wanted.all } : null;
}

function acceptSend(conversation: TrueConversation, actor: UserId, command: Send): void {
  const { text, quote, thread } = command;
  const before = headOf(conversation);
  const mentions = calledBy(conversation, actor, command.mentions);
  const named = thread === undefined ? undefined : conversation.messages[thread.sequence - 1];
  const root = thread === undefined ? null : (named?.root ?? thread.sequence);
  append(conversation, {
    sender: actor,
    text,
    commandId: command.id,
    quote: quote?.sequence ?? null,
    mentions,
    root,
  });
  const opening = root === null ? undefined : conversation.messages[root - 1];
  const sender = conversation.members.get(actor);
  if (root === null && sender !== undefined && sender.draft.revision <= (command.draft ?? 0)) writeDraft(sender, '');
  if (root === null || opening === undefined) return;
  touch(conversation, opening);
  for (const user of [actor, opening.sender, ...(mentions?.users ?? [])]) {
    const member = conversation.members.get(user);
    if (isOpen(conversation, user) && member?.follows.has(root) === false) member.follows.set(root, before);
  }
}

function acceptEdit(conversation: TrueConversation, actor: UserId, message: TrueMessage, command: Edit): void {
  const mentions = calledBy(conversation, actor, command.mentions);
  if (message.text === command.text && JSON.stringify(mentions) === JSON.stringify(message.mentions)) return;
  // An edit based on another text must have been refused.
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

/** CH-19, CH-20, CH-21, CH-24, by counting. */
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
  const { stands, calls } = lookingAs(conversation, user);
  const main = said(conversation, user, null, member?.read ?? 0);
  const called = main.filter(calls).map(({ sequence }) => sequence);
  const threads = followedBy(conversation, user)
    .filter(({ unread }) => unread > 0)
    .sort((a, b) => b.root - a.root);
  return {
    unread: main.filter(({ message }) => message.counts).filter(stands).length,
    mentions: called.length,
    mentionAt: called[0] ?? null,
    threads,
    preview: shown.findLast(({ message }) => message.root === null)?.sequence ?? null,
  };
}

interface Said {
  readonly message: TrueMessage;
  readonly sequence: number;
}

/** Returns what others wrote after `read`, outside threads or in one. */
function said(conversation: TrueConversation, user: UserId, root: number | null, read: number): readonly Said[] {
  return conversation.messages
    .map((message, index) => ({ message, sequence: index + 1 }))
    .filter(({ message, sequence }) => message.root === root && message.sender !== user && sequence > read);
}

function lookingAs(
  { members }: TrueConversation,
  user: UserId,
): { readonly stands: (each: Said) => boolean; readonly calls: (each: Said) => boolean } {
  return {
    /** Neither recalled nor hidden: it counts as unread until it is read (CH-19). */
    stands: ({ sequence, message }) => !message.recalled && !members.get(user)?.hidden.has(sequence),
    calls: ({ message: { mentions } }) => mentions !== null && (mentions.all || mentions.users.includes(user)),
  };
}

/** CH-21: each followed thread, by counting. */
export function followedBy(
  conversation: TrueConversation,
  user: UserId,
): readonly { readonly root: number; readonly unread: number; readonly mentions: number }[] {
  const { stands, calls } = lookingAs(conversation, user);
  return [...(conversation.members.get(user)?.follows ?? [])].map(([root, read]) => {
    const replies = said(conversation, user, root, read);
    return { root, unread: replies.filter(stands).length, mentions: replies.filter(calls).length };
  });
}

export function messageAt(conversation: TrueConversation, sequence: number): TrueMessage {
  const message = conversation.messages[sequence - 1];
  if (message === undefined) throw new Error(`no message ${sequence}`);
  return message;
}

/** CH-21: replies within the user's periods, hidden or not. */
export function repliesSeen(conversation: TrueConversation, user: UserId, root: number): number {
  return conversation.messages.filter(
    (message, index) => message.root === root && maySee(conversation, user, index + 1),
  ).length;
}

/** CH-23. */
export function readersOf(conversation: TrueConversation, sender: UserId, sequence: number): number {
  return openUsers(conversation).filter((user) => {
    const member = conversation.members.get(user);
    const from = conversation.kind === 'direct' ? 0 : (member?.periods.at(-1)?.from ?? 0);
    return user !== sender && from <= sequence && (member?.shown ?? 0) >= sequence;
  }).length;
}
