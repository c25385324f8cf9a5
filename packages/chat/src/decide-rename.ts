import type { CommandContext } from './command-context.js';
import { type CommandPlan, nothingToDo } from './command-plan.js';
import { decideService } from './decide-service.js';
import { admit } from './permission.js';
import { noNeeds } from './store.js';
import type { Rename } from './wire.js';

/**
 * Plans to rename a group or channel, with a service message (CH-6). If the name is unchanged, the command succeeds
 * without one.
 */
export function planRename(command: Rename, context: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [context.actor] },
    decide: (rows) => {
      const admitted = admit('rename', rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const { name } = command;
      if (admitted.conversation.name === name) return nothingToDo;
      return decideService(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: { change: 'renamed', name },
        change: (conversation) => ({ ...conversation, name }),
        members: () => [],
      });
    },
  };
}
