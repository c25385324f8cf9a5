import { appendMessage } from './append.js';
import type { CommandContext } from './command-context.js';
import type { CommandPlan } from './command-plan.js';
import { commitNotices } from './fan-out.js';
import { admit } from './permission.js';
import type { Rename } from './wire.js';

/** Gives a group another name, as a service message (CH-6). The name it has is success without one. */
export function planRename(command: Rename, context: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { members: [context.actor], openMembers: false, messages: [], largeCounts: false },
    decide: (rows) => {
      const admitted = admit('rename', rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const { name } = command;
      if (admitted.conversation.name === name) return { outcome: 'accepted', changes: null, result: {}, tell: [] };
      const { conversation, message } = appendMessage(
        { ...admitted.conversation, name },
        admitted.member,
        { kind: 'service', service: { change: 'renamed', name } },
        { ...context, commandId: command.id },
      );
      return {
        outcome: 'accepted',
        changes: { conversation, append: [message], touch: [], members: [] },
        result: {},
        tell: commitNotices({
          epoch: rows.epoch,
          before: admitted.conversation,
          conversation,
          message,
          users: rows.open ?? [],
          members: null,
        }),
      };
    },
  };
}
