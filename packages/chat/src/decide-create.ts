import { appendMessage } from './append.js';
import type { CommandContext } from './command-context.js';
import type { CommandDecision, CommandPlan } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import { changeMembership, joinMember, newMember } from './membership.js';
import type { Conversation, DirectKey, Member, UserId } from './model.js';
import type { Rows } from './store.js';
import type { CreateDirect, CreateGroup } from './wire.js';

/** The direct key of two people, whoever asks. */
function directKey(a: UserId, b: UserId): DirectKey {
  return a < b ? [a, b] : [b, a];
}

/** The one conversation of these two: made if there is none, found if there is. */
export function planCreateDirect(command: CreateDirect, context: CommandContext): CommandPlan {
  const { actor } = context;
  if (command.peer === actor) return { outcome: 'refused', code: 'denied' };
  const key = directKey(actor, command.peer);
  return {
    outcome: 'planned',
    target: { by: 'direct', key },
    needs: { members: [], openMembers: false, messages: [], largeCounts: false },
    decide: (rows) =>
      rows.conversation === null
        ? decideCreate(rows, { kind: 'direct', name: '', directKey: key }, key, { ...context, commandId: command.id })
        : { outcome: 'accepted', changes: null, result: { conversation: rows.conversation.id }, tell: [] },
  };
}

export function planCreateGroup(command: CreateGroup, context: CommandContext): CommandPlan {
  const { actor, limits } = context;
  const users = [...new Set([actor, ...command.users])];
  if (users.length > limits.groupMembersMax) return { outcome: 'refused', code: 'too_many' };
  return {
    outcome: 'planned',
    target: { by: 'new' },
    needs: { members: [], openMembers: false, messages: [], largeCounts: false },
    decide: (rows) =>
      decideCreate(rows, { kind: 'group', name: command.name, directKey: null }, users, {
        ...context,
        commandId: command.id,
      }),
  };
}

type Fresh = Pick<Conversation, 'kind' | 'name' | 'directKey'>;

function decideCreate(
  rows: Rows,
  fresh: Fresh,
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
  };
  const creator = newMember(empty, context.actor, fresh.kind === 'group' ? 'owner' : 'member');
  const appended = appendMessage(empty, creator, { kind: 'service', service: { change: 'created' } }, context);
  const conversation = changeMembership(appended.conversation, users.length, context.limits);
  const members: Member[] = users.map((user) =>
    joinMember(
      user === context.actor ? appended.sender : newMember(conversation, user, 'member'),
      conversation,
      context.limits,
    ),
  );
  return {
    outcome: 'accepted',
    changes: { conversation, append: [appended.message], touch: [], members },
    result: { conversation: conversation.id },
    tell: commitNotices({
      epoch: rows.epoch,
      before: empty,
      conversation,
      message: appended.message,
      users,
      members: null,
    }),
  };
}
