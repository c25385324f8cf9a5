import { appendMessage } from './append.js';
import type { ChatErrorCode } from './chat-error-codes.js';
import type { CommandContext } from './command-context.js';
import { type CommandDecision, type CommandPlan, type CommandResult, nothingToDo } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import { changeMembership, endMember, joinMember, newMember } from './membership.js';
import type { ServiceChange } from './message.js';
import type { CommandId, Conversation, Ended, Member, UserId } from './model.js';
import { admit, checkPermissionOver } from './permission.js';
import { roleOnJoining } from './roles.js';
import { type Changes, noChanges, noNeeds, type Rows } from './store.js';
import { isOpen } from './visibility.js';
import type { Add, Leave, Remove } from './wire.js';

/** Plans to add users, for the first time or again. Skips users who are members already. */
export function planAdd(command: Add, context: CommandContext): CommandPlan {
  const { actor, limits } = context;
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [...new Set([actor, ...command.users])], largeCounts: true },
    decide: (rows) => {
      const admitted = admit('add', rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      const joining = [...new Set(command.users)].filter((user) => !isOpen(rows.members.get(user)));
      if (joining.length === 0) return nothingToDo;
      if (joining.some((user) => context.inactive?.includes(user))) return { outcome: 'refused', code: 'not_found' };
      const code = checkRoom(rows, admitted.conversation, joining, context);
      if (code !== null) return { outcome: 'refused', code };
      const join = (conversation: Conversation): Member[] =>
        joining.map((user) => {
          const role = roleOnJoining(conversation.kind);
          const row = rows.members.get(user) ?? newMember(conversation, user, role);
          return joinMember({ ...row, role }, conversation, limits);
        });
      return decideMembership(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: { change: 'added', users: joining },
        by: joining.length,
        change: join,
        recipients: [...(rows.open ?? []), ...joining],
      });
    },
  };
}

/**
 * Checks that the conversation has room for the users. If it is large, also checks that each user may be in one more
 * large conversation (CH-13). Returns `null` if so.
 */
export function checkRoom(
  rows: Rows,
  conversation: Conversation,
  joining: readonly UserId[],
  { limits }: CommandContext,
): ChatErrorCode | null {
  const most = conversation.kind === 'channel' ? limits.channelMembersMax : limits.groupMembersMax;
  if (conversation.memberCount + joining.length > most) return 'too_many';
  if (!conversation.large) return null;
  return joining.some((user) => (rows.largeCounts.get(user) ?? 0) >= limits.largeConversationsMax) ? 'too_many' : null;
}

/** Plans to end another member's stay. No-op for a user who is not a member. */
export function planRemove(command: Remove, context: CommandContext): CommandPlan {
  if (command.user === context.actor) return { outcome: 'refused', code: 'denied' };
  return planEnd(command, context, { action: 'remove', user: command.user, how: 'removed' });
}

/**
 * Plans to end the actor's own stay. If the actor is the owner, the admin with the longest stay becomes the owner;
 * without an admin, such a member; without a member, such a reader. One of `heirsAvoided` becomes the owner only if
 * there is no one else.
 */
export function planLeave(command: Leave, context: CommandContext): CommandPlan {
  return planEnd(command, context, { action: 'leave', user: context.actor, how: 'left' });
}

interface End {
  readonly action: 'remove' | 'leave';
  readonly user: UserId;
  readonly how: Ended['how'];
}

/** Plans to end the stay of a user, who leaves or is removed. */
function planEnd(command: Remove | Leave, context: CommandContext, { action, user, how }: End): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: {
      ...noNeeds,
      members: [...new Set([context.actor, user])],
      ...(how === 'left' ? { heirOf: user, heirsAvoided: context.heirsAvoided ?? [] } : {}),
    },
    decide: (rows) => {
      const admitted = admit(action, rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const leaver = rows.members.get(user);
      if (leaver === undefined || !isOpen(leaver)) return nothingToDo;
      const code = how === 'removed' ? checkPermissionOver(admitted.member, leaver) : null;
      if (code !== null) return { outcome: 'refused', code };
      const heir = leaver.role === 'owner' ? rows.heir : null;
      return decideMembership(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: how === 'left' ? leftTo(heir) : { change: 'removed', users: [user] },
        by: -1,
        change: (conversation) => [endMember(leaver, conversation, how), ...inherit(heir)],
        recipients: rows.open ?? [],
        unfollow: [user],
      });
    },
  };
}

/** Returns the service message of an owner or member who leaves. `heir`: the new owner, if there is one. */
function leftTo(heir: Member | null): ServiceChange {
  return heir === null ? { change: 'left' } : { change: 'left', owner: heir.user };
}

/** Returns the row of the new owner; no row if there is none. */
function inherit(heir: Member | null): readonly Member[] {
  return heir === null ? [] : [{ ...heir, role: 'owner', revision: heir.revision + 1 }];
}

interface Membership {
  readonly context: CommandContext & { readonly commandId: CommandId };
  readonly service: ServiceChange;
  /** By how much the number of members changes. */
  readonly by: number;
  /** Returns the rows whose periods change, given the conversation with the service message appended. */
  readonly change: (conversation: Conversation) => readonly Member[];
  /** Users to notify if the conversation is small, including those who join or leave. */
  readonly recipients: readonly UserId[];
  /** Further changes to write. */
  readonly alsoWrites?: Partial<Changes>;
  readonly result?: CommandResult;
  /** Users whose stay ends: they stop following threads. */
  readonly unfollow?: readonly UserId[];
}

/** Decides to append a service message that reports the begin or end of stays, and to write these. */
export function decideMembership(
  rows: Rows,
  admitted: { readonly conversation: Conversation; readonly member: Member },
  membership: Membership,
): CommandDecision {
  const { context, service, by, change, recipients, unfollow = [], alsoWrites = {}, result = {} } = membership;
  const appended = appendMessage(admitted.conversation, admitted.member, { kind: 'service', service }, context);
  const conversation = changeMembership(appended.conversation, by, context.limits);
  return {
    outcome: 'accepted',
    changes: {
      ...noChanges,
      conversation,
      append: [appended.message],
      members: change(conversation),
      unfollow,
      ...alsoWrites,
    },
    result,
    notices: commitNotices({
      epoch: rows.epoch,
      before: admitted.conversation,
      conversation,
      message: appended.message,
      users: recipients,
      members: null,
    }),
  };
}
