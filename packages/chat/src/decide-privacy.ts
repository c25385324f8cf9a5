import type { CommandContext } from './command-context.js';
import { type CommandPlan, nothingToDo } from './command-plan.js';
import { directKey } from './decide-create.js';
import type { Notice } from './notice.js';
import { noChanges, noNeeds } from './store.js';
import type { Block, SetReceipts } from './wire-privacy.js';

/**
 * Plans to block or unblock a user. If the two have a direct conversation, the actor's entry of it shows the block, so
 * its revision rises.
 */
export function planBlock(command: Block, context: CommandContext): CommandPlan {
  const { actor, now, limits } = context;
  const { user, blocked } = command;
  if (user === actor) return { outcome: 'refused', code: 'denied' };
  return {
    outcome: 'planned',
    target: { by: 'direct', key: directKey(actor, user) },
    needs: { ...noNeeds, members: [actor], blockCount: true },
    decide: (rows) => {
      if (rows.blocks.mine === blocked) return nothingToDo;
      if (blocked && rows.blockCount >= limits.blockedUsersMax) return { outcome: 'refused', code: 'too_many' };
      const member = rows.members.get(actor);
      const members = member === undefined ? [] : [{ ...member, revision: member.revision + 1 }];
      const notices = members.map(
        ({ conversation, revision }): Notice => ({
          to: 'users',
          users: [actor],
          event: { event: 'own', epoch: rows.epoch, conversation, revision },
        }),
      );
      const privacy = { user: actor, block: { user, at: blocked ? now : null } };
      return { outcome: 'accepted', changes: { ...noChanges, members, privacy }, result: {}, notices };
    },
  };
}

/** Plans to switch the actor's receipts on or off (CH-23). */
export function planSetReceipts(command: SetReceipts, { actor }: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'new' },
    needs: noNeeds,
    decide: () => ({
      outcome: 'accepted',
      changes: { ...noChanges, privacy: { user: actor, receipts: command.on } },
      result: {},
      notices: [],
    }),
  };
}
