import type { KeyedCommand, Role, UserId } from '@everywire/chat';
import { type CommandInside, isCreation, isOpen, type TrueConversation, type Truth } from './truth.js';
import { isGood } from './truth-gates.js';

/** Roles from the lowest to the highest. The index of a role is its rank. */
const ranks: readonly Role[] = ['reader', 'member', 'admin', 'owner'];

/**
 * Returns whether a user has the right to run a command, judged from the truth (the expected state) without any code of
 * the product. Commands without a conversation, and those in an unknown conversation, are allowed to everyone.
 */
export function isRight(truth: Truth, user: UserId, command: KeyedCommand, now: number): boolean {
  if (isCreation(command) || !('conversation' in command)) return true;
  const conversation = truth.conversations.get(command.conversation);
  if (conversation === undefined) return true;
  if (command.command === 'join') return mayJoin(conversation, user, command.secret, now);
  return mayDo(truth, conversation, user, command);
}

/** Returns whether a command in a conversation is allowed, by the table in `docs/spec/chat.md`. */
function mayDo(
  { blocks }: Pick<Truth, 'blocks'>,
  conversation: TrueConversation,
  actor: UserId,
  command: Exclude<CommandInside, { readonly command: 'join' }>,
): boolean {
  if (noticed.has(command.command) && isBlocked(blocks, conversation, actor)) return false;
  if (conversation.deletedFrom !== null && command.command === 'delete') return conversation.deletedFrom === actor;
  if (!isOpen(conversation, actor)) return command.command === 'dismiss' && conversation.members.has(actor);
  return mayByRole(conversation, actor, command);
}

/** Returns whether a member of the conversation may run a command, by the kind of conversation and the member's role. */
function mayByRole(
  conversation: TrueConversation,
  actor: UserId,
  command: Exclude<CommandInside, { readonly command: 'join' }>,
): boolean {
  const rank = rankOf(conversation, actor);
  const grouped = conversation.kind === 'group' || conversation.kind === 'channel';
  const { settings } = conversation;
  const isAtLeast = (who: 'members' | 'admins'): boolean => rank >= (who === 'admins' ? 2 : 1);
  switch (command.command) {
    case 'add':
      return grouped && isAtLeast(settings.add);
    case 'rename':
      return grouped && isAtLeast(settings.rename);
    case 'configure':
    case 'setPicture':
    case 'createInvite':
    case 'revokeInvite':
      return grouped && rank >= 2;
    case 'leave':
      return grouped;
    case 'delete':
      return grouped && rank === 3;
    case 'arrange':
    case 'mute':
    case 'notify':
    case 'mark':
    case 'clear':
    case 'dismiss':
    case 'hide':
    case 'recall':
      return true;
    case 'react':
    case 'edit':
      return !grouped || rank >= 1;
    case 'pin':
      return !grouped || isAtLeast(settings.rename);
    case 'forward':
    case 'send':
      return !grouped || isAtLeast(settings.send);
    case 'remove':
      return grouped && rank >= 2 && (!isOpen(conversation, command.user) || rank > rankOf(conversation, command.user));
    case 'setRole': {
      const newRank = ranks.indexOf(command.role);
      // An owner may make another member the owner.
      const handsOver = rank === 3 && newRank === 3;
      return grouped && rank >= 2 && rank > rankOf(conversation, command.user) && (rank > newRank || handsOver);
    }
  }
}

/** Commands that the other person of a direct conversation would notice, so they are refused if one has blocked the other. */
const noticed: ReadonlySet<string> = new Set(['send', 'forward', 'edit', 'react', 'pin']);

/** Returns whether the user and the other person of a direct conversation block one another, or one of them the other. */
function isBlocked(blocks: ReadonlySet<string>, { kind, members }: TrueConversation, user: UserId): boolean {
  const [other = 0] = [...members.keys()].filter((each) => each !== user);
  return kind === 'direct' && (blocks.has(`${user} ${other}`) || blocks.has(`${other} ${user}`));
}

/** Returns whether the user may join by this secret of an invitation; `null` means without an invitation. */
function mayJoin(conversation: TrueConversation, user: UserId, secret: string | null, now: number): boolean {
  if (conversation.deletedFrom !== null) return false;
  if (isOpen(conversation, user)) return true;
  if (conversation.members.get(user)?.removed) return false;
  if (secret === null) return conversation.settings.join === 'anyone';
  return conversation.invites.some((invite) => invite.secret === secret && isGood(conversation, invite, now));
}

function rankOf(conversation: TrueConversation, user: UserId): number {
  return ranks.indexOf(conversation.members.get(user)?.role ?? 'reader');
}
