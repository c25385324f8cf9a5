import { appendMessage } from './append.js';
import type { CommandContext } from './command-context.js';
import type { CommandDecision, CommandPlan } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import { channelSettings, groupSettings } from './group-settings.js';
import { changeMembership, joinMember, newMember } from './membership.js';
import type { Conversation, DirectKey, Member, UserId } from './model.js';
import { noChanges, noNeeds, type Rows } from './store.js';
import type { CreateDirect, CreateGroup } from './wire.js';
import type { CreateChannel, CreateNotes } from './wire-groups.js';

/**
 * Returns the direct key of two users, by which their direct conversation is found. The order of the users does not
 * matter.
 */
export function directKey(a: UserId, b: UserId): DirectKey {
  return a < b ? [a, b] : [b, a];
}

/** Plans to find the direct conversation of two users, or to create it. */
export function planCreateDirect(command: CreateDirect, context: CommandContext): CommandPlan {
  const { actor } = context;
  if (command.peer === actor) return { outcome: 'refused', code: 'denied' };
  const key = directKey(actor, command.peer);
  return planKeyed({ key, kind: 'direct', begins: command.begins }, { ...context, commandId: command.id });
}

/** Plans to find the user's own notes, or to create them. */
export function planCreateNotes(command: CreateNotes, context: CommandContext): CommandPlan {
  const { actor } = context;
  return planKeyed({ key: [actor, actor], kind: 'notes' }, { ...context, commandId: command.id });
}

/** Plans to find the conversation with this key, or to create it. */
function planKeyed(
  {
    key,
    kind,
    begins,
  }: {
    readonly key: DirectKey;
    readonly kind: 'direct' | 'notes';
    readonly begins?: CreateDirect['begins'] | undefined;
  },
  context: CommandContext & { readonly commandId: string },
): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'direct', key },
    needs: noNeeds,
    decide: (rows) => {
      if (rows.conversation !== null)
        return { outcome: 'accepted', changes: null, result: { conversation: rows.conversation.id }, notices: [] };
      if (begins === 'never') return { outcome: 'refused', code: 'not_found' };
      if (context.inactive?.some((user) => key.includes(user))) return { outcome: 'refused', code: 'not_found' };
      if (rows.blocks.mine || rows.blocks.theirs) return { outcome: 'refused', code: 'blocked' };
      const fresh = { kind, name: '', settings: groupSettings, directKey: key, listed: begins === undefined };
      return decideCreate(rows, fresh, [...new Set(key)], context);
    },
  };
}

/** Plans a new group with the actor as its owner. */
export function planCreateGroup(command: CreateGroup, context: CommandContext): CommandPlan {
  const { actor, limits } = context;
  const users = [...new Set([actor, ...command.users])];
  if (users.length > limits.groupMembersMax) return { outcome: 'refused', code: 'too_many' };
  return {
    outcome: 'planned',
    target: { by: 'new' },
    needs: noNeeds,
    decide: (rows) =>
      (context.inactive ?? []).length > 0
        ? { outcome: 'refused', code: 'not_found' }
        : decideCreate(rows, { kind: 'group', name: command.name, settings: groupSettings, directKey: null }, users, {
            ...context,
            commandId: command.id,
          }),
  };
}

/**
 * Plans a new channel. It counts as large from its first message on, so that no rule changes when it gets more readers
 * (CH-13).
 */
export function planCreateChannel(command: CreateChannel, context: CommandContext): CommandPlan {
  const { actor, limits } = context;
  const settings = { ...channelSettings, join: command.join };
  return {
    outcome: 'planned',
    target: { by: 'new' },
    needs: { ...noNeeds, members: [actor], largeCounts: true },
    decide: (rows) =>
      (rows.largeCounts.get(actor) ?? 0) >= limits.largeConversationsMax
        ? { outcome: 'refused', code: 'too_many' }
        : decideCreate(rows, { kind: 'channel', name: command.name, settings, directKey: null }, [actor], {
            ...context,
            commandId: command.id,
          }),
  };
}

interface Fresh extends Pick<Conversation, 'kind' | 'name' | 'settings' | 'directKey'> {
  /** False if no list shows the conversation before its first message. Absent: lists show it immediately. */
  readonly listed?: boolean;
}

/** Decides to create a conversation with these users, whose first message is the service message "created". */
function decideCreate(
  rows: Rows,
  { listed = true, ...fresh }: Fresh,
  users: readonly UserId[],
  context: CommandContext & { readonly commandId: string },
): CommandDecision {
  const empty: Conversation = {
    ...fresh,
    id: rows.newConversation,
    sequence: 0,
    modification: 0,
    count: 0,
    membersAt: 0,
    memberCount: 0,
    activity: 0,
    large: false,
    pins: 0,
    pinsAt: 0,
    picture: null,
    deleted: false,
  };
  const owned = fresh.kind === 'group' || fresh.kind === 'channel';
  const creator = newMember(empty, context.actor, owned ? 'owner' : 'member');
  const others = users.filter((user) => user !== context.actor);
  const began = fresh.kind === 'group' && others.length > 0 ? { users: others } : {};
  const service = { change: 'created', ...began } as const;
  const appended = appendMessage(empty, creator, { kind: 'service', service }, context);
  const conversation = changeMembership(appended.conversation, users.length, context.limits);
  const members = users.map((user): Member => {
    const member = user === context.actor ? appended.sender : newMember(conversation, user, 'member');
    const joined = joinMember(member, conversation, context.limits);
    return listed ? joined : { ...joined, dismissed: conversation.count };
  });
  return {
    outcome: 'accepted',
    changes: { ...noChanges, conversation, append: [appended.message], members },
    result: { conversation: conversation.id },
    notices: commitNotices({
      epoch: rows.epoch,
      before: empty,
      conversation,
      message: appended.message,
      users,
      members: null,
    }),
  };
}
