import type { ChatErrorCode } from './chat-error-codes.js';
import type { GroupSettings } from './group-settings.js';
import type { Message } from './message.js';
import type { Conversation, Member, Role, UserId } from './model.js';
import { isAtLeast, outranks } from './roles.js';
import type { MemberRows, Refused, Rows } from './store.js';
import type { Entry } from './views.js';
import { isOpen } from './visibility.js';

/** An action in a conversation. */
export type Action =
  | 'send'
  | 'mentionAll'
  | 'edit'
  | 'recall'
  | 'react'
  | 'pin'
  | 'hide'
  | 'add'
  | 'remove'
  | 'setRole'
  | 'configure'
  | 'delete'
  | 'invite'
  | 'leave'
  | 'rename'
  | 'setPicture'
  | 'own'
  | 'read'
  | 'delivered'
  | 'draft'
  | 'typing'
  | 'watch';

/**
 * Decides whether a member may do something: returns `null` if so, otherwise the code of the refusal. All such
 * decisions are made in this file. The answer to a user who never was a member is `not_found`, so that it does not
 * reveal that the conversation exists. `message`: the message to edit or recall. For actions on another member, the
 * caller must call `checkPermissionOver` as well.
 */
export function checkPermission(
  action: Action,
  conversation: Pick<Conversation, 'kind' | 'settings' | 'large' | 'deleted'> | null,
  member: Pick<Member, 'periods' | 'role' | 'user'> | null | undefined,
  message: Pick<Message, 'sender'> | null = null,
): ChatErrorCode | null {
  if (conversation === null || !member) return 'not_found';
  if (!isOpen(member)) return 'not_member';
  if (conversation.deleted) return 'conversation_deleted';
  const { kind, settings } = conversation;
  const code = checkRole(action, { kind, settings, role: member.role });
  if (code !== null) return code;
  switch (action) {
    case 'mentionAll':
      return allowIf(!conversation.large || isAtLeast(member.role, 'admin'));
    case 'edit':
      return allowIf(message?.sender === member.user);
    case 'recall':
      return allowIf(message?.sender === member.user || keepsOrder(member));
    default:
      return null;
  }
}

/**
 * Returns whether a member may undo the actions of others, such as recall their messages. No one may in a direct
 * conversation, where both are members.
 */
export function keepsOrder({ role }: Pick<Member, 'role'>): boolean {
  return isAtLeast(role, 'admin');
}

function allowIf(allowed: boolean): ChatErrorCode | null {
  return allowed ? null : 'denied';
}

/** Decides like `checkPermission`, for clients, which have only the conversation's entry. */
export function checkEntryPermission(
  action: Action,
  entry: Pick<Entry, 'kind' | 'settings' | 'member' | 'ended' | 'role'> | null,
): ChatErrorCode | null {
  if (entry === null) return 'not_found';
  if (entry.ended === 'deleted') return 'conversation_deleted';
  return entry.member ? checkRole(action, entry) : 'not_member';
}

function checkRole(action: Action, seat: Pick<Entry, 'kind' | 'settings' | 'role'>): ChatErrorCode | null {
  switch (seat.kind) {
    case 'direct':
    case 'notes':
      return ofGroups.has(action) ? 'denied' : null;
    case 'group':
    case 'channel':
      return isAtLeast(seat.role, leastRole(action, seat.settings)) ? null : 'denied';
  }
}

/** Actions that only groups and channels have. */
const ofGroups: ReadonlySet<Action> = new Set([
  'add',
  'remove',
  'setRole',
  'configure',
  'delete',
  'invite',
  'leave',
  'rename',
  'setPicture',
]);

/** Returns the lowest role that may perform an action in a group or channel. */
function leastRole(action: Action, settings: GroupSettings): Role {
  switch (action) {
    case 'read':
    case 'delivered':
    case 'draft':
    case 'watch':
    case 'leave':
    case 'own':
    case 'hide':
    case 'recall':
      return 'reader';
    case 'react':
      return 'member';
    // An edit adds text too: if only admins may write, other members must not edit old messages.
    case 'edit':
    case 'send':
    case 'mentionAll':
    case 'typing':
      return settings.send === 'admins' ? 'admin' : 'member';
    case 'add':
      return settings.add === 'admins' ? 'admin' : 'member';
    case 'rename':
    case 'pin':
      return settings.rename === 'admins' ? 'admin' : 'member';
    case 'remove':
    case 'setRole':
    case 'setPicture':
    case 'configure':
    case 'invite':
      return 'admin';
    case 'delete':
      return 'owner';
  }
}

/** Checks that `actor` may act on another member, whose role must be lower. Returns `null` if so. */
export function checkPermissionOver(actor: Pick<Member, 'role'>, other: Pick<Member, 'role'>): ChatErrorCode | null {
  return outranks(actor.role, other.role) ? null : 'denied';
}

/**
 * Checks that `actor` may give this role to another member. It must be a lower role. An owner may also give the role of
 * owner, which transfers the group. Returns `null` if so.
 */
export function checkPermissionToGive(actor: Pick<Member, 'role'>, role: Role): ChatErrorCode | null {
  return outranks(actor.role, role) || (actor.role === 'owner' && role === 'owner') ? null : 'denied';
}

/**
 * Refuses actions between two users while one of them blocks the other: they cannot send in their direct conversation
 * or change its messages.
 */
function checkBlocks(action: Action, { blocks }: Pick<Rows, 'blocks'>): ChatErrorCode | null {
  return (blocks.mine || blocks.theirs) && betweenTwo.has(action) ? 'blocked' : null;
}

/** Actions that the other user would notice. */
const betweenTwo: ReadonlySet<Action> = new Set(['send', 'mentionAll', 'edit', 'react', 'pin']);

/**
 * Checks that a user may join without being added by a member. `invited`: the state of the user's invitation; `null`
 * without one. Without a valid invitation, the answer does not reveal that the conversation exists, unless anyone may
 * join. A removed user cannot join, but must be added by a member. Returns `null` if the user may join.
 */
export function checkJoin(
  conversation: Pick<Conversation, 'kind' | 'settings' | 'deleted'> | null,
  member: Pick<Member, 'ended'> | undefined,
  invited: 'good' | 'over' | 'unknown' | null,
): ChatErrorCode | null {
  if (conversation === null || conversation.deleted || ofTwo.has(conversation.kind)) return 'not_found';
  if (invited === 'unknown') return 'not_found';
  if (invited === null && conversation.settings.join !== 'anyone') return 'not_found';
  if (member?.ended?.how === 'removed') return 'denied';
  return invited === 'over' ? 'invite_ended' : null;
}

const ofTwo: ReadonlySet<Conversation['kind']> = new Set(['direct', 'notes'] as const);

/**
 * Checks that a user may delete the conversation for everyone. Its owner may, and so may an administrator of the
 * server, member or not. They may also delete it again, which has no effect. Returns `null` if the user may.
 */
export function checkDelete(
  conversation: Conversation | null,
  member: Pick<Member, 'periods' | 'role' | 'user'> | undefined,
  administrator: boolean,
): ChatErrorCode | null {
  if (conversation === null) return 'not_found';
  if (administrator) return ofTwo.has(conversation.kind) ? 'denied' : null;
  return checkPermission('delete', { ...conversation, deleted: false }, member);
}

/** The rows that deciding a permitted command needs. */
export type Admitted = { readonly outcome: 'admitted'; readonly conversation: Conversation; readonly member: Member };

/**
 * Applies `checkPermission` and the check of blocks to the rows of a change. Returns the rows of conversation and
 * actor, or the refusal.
 */
export function admit(
  action: Action,
  rows: Pick<Rows, 'conversation' | 'members' | 'blocks'>,
  actor: UserId,
  message: Pick<Message, 'sender'> | null = null,
): Admitted | Refused {
  const member = rows.members.get(actor);
  const code = checkPermission(action, rows.conversation, member, message) ?? checkBlocks(action, rows);
  if (code !== null || rows.conversation === null || member === undefined)
    return { outcome: 'refused', code: code ?? 'not_found' };
  return { outcome: 'admitted', conversation: rows.conversation, member };
}

/** Applies `checkPermission` to the rows of a change of the member's own data. */
export function admitMember(
  action: Action,
  { conversation, member }: Pick<MemberRows, 'conversation' | 'member'>,
): Admitted | Refused {
  const code = checkPermission(action, conversation, member);
  if (code !== null || conversation === null || member === null)
    return { outcome: 'refused', code: code ?? 'not_found' };
  return { outcome: 'admitted', conversation, member };
}
