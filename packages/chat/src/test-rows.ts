import type { CommandContext } from './command-context.js';
import { groupSettings } from './group-settings.js';
import { chatLimits } from './limits.js';
import { joinMember, newMember } from './membership.js';
import type { Conversation, Member, UserId } from './model.js';
import type { Rows } from './store.js';

/** A group of users 1 (the owner) to 3 with ten messages, for tests of decisions. */
export const group: Conversation = {
  id: 7,
  kind: 'group',
  sequence: 10,
  modification: 4,
  count: 8,
  membersAt: 1,
  memberCount: 3,
  name: 'group',
  settings: groupSettings,
  activity: 500,
  large: false,
  directKey: null,
  pins: 0,
  pinsAt: 0,
  picture: null,
  deleted: false,
};

/** The context of a command by user 1. */
export const context: CommandContext = { actor: 1, now: 1_000, messageId: 'a'.repeat(16), limits: chatLimits };
/** The id of the commands in tests. */
export const commandId: string = 'c'.repeat(32);

/** Returns a row of a member since the first message. */
export function memberOf(conversation: Conversation, user: UserId, changed: Partial<Member> = {}): Member {
  const joined = joinMember(
    newMember(conversation, user, user === 1 ? 'owner' : 'member'),
    { ...conversation, sequence: 1, count: 0 },
    chatLimits,
  );
  return { ...joined, ...changed };
}

/** Returns rows with these members and nothing else. */
export function rowsOf(conversation: Conversation | null, members: readonly Member[]): Rows {
  const open = members.filter((member) => member.periods.at(-1)?.to === null).map((member) => member.user);
  return {
    epoch: 'e'.repeat(16),
    conversation,
    newConversation: 8,
    members: new Map(members.map((member) => [member.user, member])),
    open: conversation?.large ? null : open,
    messages: new Map(),
    heir: null,
    position: null,
    invites: [],
    blocks: { mine: false, theirs: false },
    blockCount: 0,
    largeCounts: new Map(),
    hidden: new Set(),
    follows: new Map(),
    threadSent: new Map(),
  };
}

/** The members of `group`. */
export const members: readonly Member[] = [1, 2, 3].map((user) => memberOf(group, user));
