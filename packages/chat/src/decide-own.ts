import type { CommandContext } from './command-context.js';
import { type CommandPlan, nothingToDo } from './command-plan.js';
import { isDismissed } from './entry.js';
import type { Conversation, Member } from './model.js';
import { notificationRuleOf } from './notification-rule.js';
import { admit } from './permission.js';
import { noChanges, noNeeds, type Position, type Rows } from './store.js';
import { isMemberOf } from './visibility.js';
import type { PersonalCommand } from './wire-own.js';

/**
 * Plans a change of the member's private settings of a conversation. If the value is unchanged, the command succeeds
 * and writes nothing.
 */
export function planOwn(command: PersonalCommand, context: CommandContext): CommandPlan {
  const { actor } = context;
  const position = command.command === 'clear' ? { position: command.sequence } : {};
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [actor], ...position },
    decide: (rows) => {
      const admitted = admitOwn(command, rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      const changed = change(command, { ...admitted, position: rows.position, now: context.now });
      if (changed === null) return nothingToDo;
      const member = { ...changed, revision: changed.revision + 1 };
      const { conversation, revision } = member;
      return {
        outcome: 'accepted',
        // After clearing, replies in threads must not count as unread, so the user stops following them. The user
        // follows a thread again when replying in it or being mentioned.
        changes: { ...noChanges, members: [member], unfollow: command.command === 'clear' ? [actor] : [] },
        result: {},
        notices: [{ to: 'users', users: [actor], event: { event: 'own', epoch: rows.epoch, conversation, revision } }],
      };
    },
  };
}

/** Admits the actor. A former member, or a member of a deleted conversation, has a stub in the list and may only dismiss it. */
function admitOwn(command: PersonalCommand, rows: Rows, actor: number): ReturnType<typeof admit> {
  const member = rows.members.get(actor);
  const { conversation } = rows;
  const mayDismiss = command.command === 'dismiss' && conversation !== null && member !== undefined;
  if (mayDismiss && !isMemberOf(conversation, member)) return { outcome: 'admitted', conversation, member };
  return admit('own', rows, actor);
}

interface Own {
  readonly conversation: Conversation;
  readonly member: Member;
  readonly position: Position | null;
  readonly now: number;
}

/** Returns the changed row; `null` if nothing changes. */
function change(command: PersonalCommand, own: Own): Member | null {
  const { conversation, member } = own;
  switch (command.command) {
    case 'arrange':
      return member.place === command.place ? null : { ...member, place: command.place };
    case 'mute':
      return member.mute === command.until ? null : { ...member, mute: command.until };
    case 'notify':
      return notificationRuleOf(conversation, member) === command.rule ? null : { ...member, notify: command.rule };
    case 'mark':
      return member.mark === command.marked ? null : { ...member, mark: command.marked };
    case 'clear':
      return clear(own);
    case 'dismiss':
      return isDismissed(conversation, member) ? null : { ...member, dismissed: conversation.count };
  }
}

/**
 * Hides all messages up to the position from this member. They count as read, but others do not see them as read, so no
 * other user is notified (CH-23).
 */
function clear({ member, position, now }: Own): Member | null {
  if (position === null || position.sequence <= member.cleared) return null;
  const { sequence, ordinal, senderOrdinal } = position;
  const read = { read: sequence, readAt: now, readOrdinal: ordinal, readSent: senderOrdinal, mark: false };
  return { ...member, ...(sequence > member.read && read), cleared: sequence };
}
