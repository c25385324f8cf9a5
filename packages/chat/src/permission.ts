import type { ErrorCode } from './error-codes.js';
import type { GroupSettings } from './group-settings.js';
import type { Message } from './message.js';
import type { Conversation, Member, Role, UserId } from './model.js';
import { isAtLeast, outranks } from './roles.js';
import type { MemberRows, Refused, Rows } from './store.js';
import type { Entry } from './views.js';
import { isOpen } from './visibility.js';

/** What somebody wants to do in a conversation. */
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
 * The one place that says who may do what; `null` is yes. A stranger learns nothing: to them there is no such conversation. `message` is
 * the one that an edit or a recall is about. Whom an action on another member may be done to is `checkPermissionOver`.
 */
export function checkPermission(
  action: Action,
  conversation: Pick<Conversation, 'kind' | 'settings' | 'large' | 'deleted'> | null,
  member: Pick<Member, 'periods' | 'role' | 'user'> | null | undefined,
  message: Pick<Message, 'sender'> | null = null,
): ErrorCode | null {
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

/** Who may undo what others did; in a direct conversation nobody is that. */
export function keepsOrder({ role }: Pick<Member, 'role'>): boolean {
  return isAtLeast(role, 'admin');
}

function allowIf(allowed: boolean): ErrorCode | null {
  return allowed ? null : 'denied';
}

/** The same for whoever holds the conversation's entry. */
export function checkEntryPermission(
  action: Action,
  entry: Pick<Entry, 'kind' | 'settings' | 'member' | 'ended' | 'role'> | null,
): ErrorCode | null {
  if (entry === null) return 'not_found';
  if (entry.ended === 'deleted') return 'conversation_deleted';
  return entry.member ? checkRole(action, entry) : 'not_member';
}

function checkRole(action: Action, seat: Pick<Entry, 'kind' | 'settings' | 'role'>): ErrorCode | null {
  switch (seat.kind) {
    case 'direct':
    case 'notes':
      return ofGroups.has(action) ? 'denied' : null;
    case 'group':
    case 'channel':
      return isAtLeast(seat.role, leastRole(action, seat.settings)) ? null : 'denied';
  }
}

/** What only groups and channels know. */
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
    // An edit says something too: where only admins write, nobody else goes on by what they had sent.
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

/** Whether `actor`, who may act on members, may do it to this one: only to whoever stands below. */
export function checkPermissionOver(actor: Pick<Member, 'role'>, other: Pick<Member, 'role'>): ErrorCode | null {
  return outranks(actor.role, other.role) ? null : 'denied';
}

/** Whether `actor` may give this role: one below their own, and an owner their own as well, which hands the group over. */
export function checkPermissionToGive(actor: Pick<Member, 'role'>, role: Role): ErrorCode | null {
  return outranks(actor.role, role) || (actor.role === 'owner' && role === 'owner') ? null : 'denied';
}

/** Two who are at odds leave their conversation as it is: nothing is said there, nor changed of what was said. */
function checkBlocks(action: Action, { blocks }: Pick<Rows, 'blocks'>): ErrorCode | null {
  return (blocks.mine || blocks.theirs) && betweenTwo.has(action) ? 'blocked' : null;
}

/** What the other would notice. */
const betweenTwo: ReadonlySet<Action> = new Set(['send', 'mentionAll', 'edit', 'react', 'pin']);

/**
 * Whether somebody may come in unasked. `invited` is what became of their secret, `null` without one. To a stranger without a good one there is
 * no such conversation; who was removed has to be added by somebody.
 */
export function checkJoin(
  conversation: Pick<Conversation, 'kind' | 'settings' | 'deleted'> | null,
  member: Pick<Member, 'ended'> | undefined,
  invited: 'good' | 'over' | 'unknown' | null,
): ErrorCode | null {
  if (conversation === null || conversation.deleted || ofTwo.has(conversation.kind)) return 'not_found';
  if (invited === 'unknown') return 'not_found';
  if (invited === null && conversation.settings.join !== 'anyone') return 'not_found';
  if (member?.ended?.how === 'removed') return 'denied';
  return invited === 'over' ? 'invite_ended' : null;
}

const ofTwo: ReadonlySet<Conversation['kind']> = new Set(['direct', 'notes'] as const);

/**
 * Whether somebody may delete it for everybody: its owner, and the administrator of the place, member or not. What is deleted already may be deleted
 * by the same people: that is so already.
 */
export function checkDelete(
  conversation: Conversation | null,
  member: Pick<Member, 'periods' | 'role' | 'user'> | undefined,
  administrator: boolean,
): ErrorCode | null {
  if (conversation === null) return 'not_found';
  if (administrator) return ofTwo.has(conversation.kind) ? 'denied' : null;
  return checkPermission('delete', { ...conversation, deleted: false }, member);
}

/** The rows that a permitted command of `actor` is decided on. */
export type Admitted = { readonly outcome: 'admitted'; readonly conversation: Conversation; readonly member: Member };

/** `checkPermission` on the rows of a change. */
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

/** `checkPermission` on the rows of a change of the member's own. */
export function admitMember(
  action: Action,
  { conversation, member }: Pick<MemberRows, 'conversation' | 'member'>,
): Admitted | Refused {
  const code = checkPermission(action, conversation, member);
  if (code !== null || conversation === null || member === null)
    return { outcome: 'refused', code: code ?? 'not_found' };
  return { outcome: 'admitted', conversation, member };
}
