import type {
  Draft,
  DraftResult,
  KeyedCommand,
  MemberPlace,
  NotificationRule,
  SetDraft,
  UserId,
} from '@everywire/chat';
import type { Reply } from './server-node.js';
import type { TrueConversation, Truth } from './truth.js';

/** The personal settings of a member in the truth, which is the expected state that the simulation computes. */
export interface TrueOwn {
  place: MemberPlace;
  /** Time until which the conversation is muted. */
  mute: number;
  /** `null`: the default of the conversation's kind. */
  notify: NotificationRule | null;
  /** Whether the user has marked the conversation as unread. */
  mark: boolean;
  /** The user has cleared the history up to this sequence. */
  cleared: number;
  /** The number of messages when the conversation was removed from the list. */
  dismissedAt: number | null;
}

/** Returns the settings of a new member. */
export function freshOwn(): TrueOwn {
  return { place: 'normal', mute: 0, notify: null, mark: false, cleared: 0, dismissedAt: null };
}

/**
 * Returns whether the conversation is not listed, because the user has removed it from the list and nothing was written
 * since, or the user is no longer a member (`open` is false).
 */
export function isDismissed(conversation: TrueConversation, user: UserId, open: boolean): boolean {
  const at = conversation.members.get(user)?.own.dismissedAt ?? null;
  if (at === null) return false;
  return !open || conversation.messages.slice(at).every((message) => !message.counts || message.root !== null);
}

/** Applies a command on personal settings, which the server accepted, to the truth. */
export function acceptOwn(
  conversation: TrueConversation,
  user: UserId,
  command: Extract<KeyedCommand, { readonly command: 'arrange' | 'mute' | 'notify' | 'mark' | 'clear' | 'dismiss' }>,
): void {
  const member = conversation.members.get(user);
  if (member === undefined) return;
  const { own } = member;
  switch (command.command) {
    case 'arrange':
      own.place = command.place;
      return;
    case 'mute':
      own.mute = command.until;
      return;
    case 'notify':
      own.notify = command.rule;
      return;
    case 'mark':
      own.mark = command.marked;
      return;
    case 'clear': {
      const sequence = Math.min(command.sequence, conversation.messages.length);
      if (sequence <= own.cleared) return;
      own.cleared = sequence;
      member.follows.clear();
      if (sequence > member.read) {
        member.read = sequence;
        own.mark = false;
      }
      return;
    }
    case 'dismiss':
      own.dismissedAt = conversation.messages.length;
  }
}

/**
 * Applies a saved draft to the truth, and returns whether the server's answer is right. A draft that is based on another
 * revision than the current one must not overwrite it, unless both texts are equal.
 */
export function acceptDraft({ conversations }: Truth, user: UserId, command: SetDraft, reply: Reply): boolean {
  const member = conversations.get(command.conversation)?.members.get(user);
  if (member === undefined || !('ok' in reply)) return false;
  const { text, base } = command;
  const { accepted, draft } = reply.ok as DraftResult;
  const right = member.draft.text === text || member.draft.revision === base;
  if (right) writeDraft(member, text);
  return accepted === right && JSON.stringify(draft) === JSON.stringify(member.draft);
}

/** Saves a draft. A draft equal to the current one changes nothing. */
export function writeDraft(member: { draft: Draft }, text: string): void {
  if (member.draft.text !== text) member.draft = { text, revision: member.draft.revision + 1 };
}
