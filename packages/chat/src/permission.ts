import type { ErrorCode } from './error-codes.js';
import type { Conversation, Member, UserId } from './model.js';
import type { MemberRows, Refused, Rows } from './store.js';
import { isOpen } from './visibility.js';

/** What somebody wants to do in a conversation. */
export type Action =
  | 'send'
  | 'add'
  | 'remove'
  | 'leave'
  | 'rename'
  | 'read'
  | 'delivered'
  | 'draft'
  | 'typing'
  | 'watch';

/**
 * The one place that says who may do what; `null` is yes. A stranger learns nothing: to them there is no such conversation.
 */
export function checkPermission(
  action: Action,
  conversation: Conversation | null,
  member: Member | null | undefined,
): ErrorCode | null {
  if (conversation === null || !member) return 'not_found';
  if (!isOpen(member)) return 'not_member';
  switch (action) {
    case 'send':
    case 'read':
    case 'delivered':
    case 'draft':
    case 'typing':
    case 'watch':
      return null;
    case 'add':
    case 'leave':
    case 'rename':
      return conversation.kind === 'group' ? null : 'denied';
    case 'remove':
      return conversation.kind === 'group' && member.role === 'owner' ? null : 'denied';
  }
}

/** The rows that a permitted command of `actor` is decided on. */
export type Admitted = { readonly outcome: 'admitted'; readonly conversation: Conversation; readonly member: Member };

/** `checkPermission` on the rows of a change. */
export function admit(action: Action, rows: Pick<Rows, 'conversation' | 'members'>, actor: UserId): Admitted | Refused {
  const member = rows.members.get(actor);
  const code = checkPermission(action, rows.conversation, member);
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
