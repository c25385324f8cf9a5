import { appendMessage } from './append.js';
import type { CommandContext } from './command-context.js';
import type { CommandDecision, CommandPlan } from './command-plan.js';
import type { ErrorCode } from './error-codes.js';
import { commitNotices } from './fan-out.js';
import { changeMembership, endMember, joinMember, newMember } from './membership.js';
import type { CommandId, Conversation, Ended, Member, ServiceChange, UserId } from './model.js';
import { admit } from './permission.js';
import type { Rows } from './store.js';
import { isOpen } from './visibility.js';
import type { Add, Leave, Remove } from './wire.js';

/** Adds those who are not members, for the first time or again; who is a member already is left alone. */
export function planAdd(command: Add, context: CommandContext): CommandPlan {
  const { actor, limits } = context;
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { members: [...new Set([actor, ...command.users])], openMembers: false, messages: [], largeCounts: true },
    decide: (rows) => {
      const admitted = admit('add', rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      const joining = [...new Set(command.users)].filter((user) => !isOpen(rows.members.get(user)));
      if (joining.length === 0) return nothingToDo;
      const code = checkRoom(rows, admitted.conversation, joining, context);
      if (code !== null) return { outcome: 'refused', code };
      const join = (conversation: Conversation): Member[] =>
        joining.map((user) =>
          joinMember(rows.members.get(user) ?? newMember(conversation, user, 'member'), conversation, limits),
        );
      return decideMembership(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: { change: 'added', users: joining },
        by: joining.length,
        change: join,
        told: [...(rows.open ?? []), ...joining],
      });
    },
  };
}

function checkRoom(
  rows: Rows,
  conversation: Conversation,
  joining: readonly UserId[],
  { limits }: CommandContext,
): ErrorCode | null {
  if (conversation.memberCount + joining.length > limits.groupMembersMax) return 'too_many';
  if (!conversation.large) return null;
  return joining.some((user) => (rows.largeCounts.get(user) ?? 0) >= limits.largeConversationsMax) ? 'too_many' : null;
}

/** Ends another's stay. Who is no member is left alone. */
export function planRemove(command: Remove, context: CommandContext): CommandPlan {
  if (command.user === context.actor) return { outcome: 'refused', code: 'denied' };
  return planEnd(command, context, { action: 'remove', user: command.user, how: 'removed' });
}

/** Ends one's own stay. */
export function planLeave(command: Leave, context: CommandContext): CommandPlan {
  return planEnd(command, context, { action: 'leave', user: context.actor, how: 'left' });
}

interface End {
  readonly action: 'remove' | 'leave';
  readonly user: UserId;
  readonly how: Ended['how'];
}

function planEnd(command: Remove | Leave, context: CommandContext, { action, user, how }: End): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { members: [...new Set([context.actor, user])], openMembers: false, messages: [], largeCounts: false },
    decide: (rows) => {
      const admitted = admit(action, rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const leaver = rows.members.get(user);
      if (leaver === undefined || !isOpen(leaver)) return nothingToDo;
      return decideMembership(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: how === 'left' ? { change: 'left' } : { change: 'removed', users: [user] },
        by: -1,
        change: (conversation) => [endMember(leaver, conversation, how)],
        told: rows.open ?? [],
      });
    },
  };
}

const nothingToDo: CommandDecision = { outcome: 'accepted', changes: null, result: {}, tell: [] };

interface Membership {
  readonly context: CommandContext & { readonly commandId: CommandId };
  readonly service: ServiceChange;
  /** Change of the number of open members. */
  readonly by: number;
  /** The rows whose periods change, once the service message is at the end of the log. */
  readonly change: (conversation: Conversation) => readonly Member[];
  /** Small: who is told, joiners and leavers included. */
  readonly told: readonly UserId[];
}

function decideMembership(
  rows: Rows,
  admitted: { readonly conversation: Conversation; readonly member: Member },
  membership: Membership,
): CommandDecision {
  const { context, service, by, change, told } = membership;
  const appended = appendMessage(admitted.conversation, admitted.member, { kind: 'service', service }, context);
  const conversation = changeMembership(appended.conversation, by, context.limits);
  return {
    outcome: 'accepted',
    changes: { conversation, append: [appended.message], touch: [], members: change(conversation) },
    result: {},
    tell: commitNotices({
      epoch: rows.epoch,
      before: admitted.conversation,
      conversation,
      message: appended.message,
      users: told,
      members: null,
    }),
  };
}
