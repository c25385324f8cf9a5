import type { CommandContext } from './command-context.js';
import type { CommandPlan } from './command-plan.js';
import { planCreateDirect, planCreateGroup } from './decide-create.js';
import { planAdd, planLeave, planRemove } from './decide-members.js';
import { planRename } from './decide-rename.js';
import { planSend } from './decide-send.js';
import type { KeyedCommand } from './wire.js';

/**
 * Turns a parsed command into what `Store.change` runs. Whether the users it names exist is for the caller to
 * check first (`not_found`): people are kept apart from conversations.
 *
 * ```ts
 * const plan = planCommand(command, { actor, now, messageId, limits });
 * if (plan.outcome === 'refused') return plan;
 * const outcome = await store.change({ ...plan, key: { user: actor, id: command.id, hash: hash(commandText(command)), at: now } });
 * if (outcome.outcome === 'committed') publish(outcome.tell);
 * ```
 */
export function planCommand(command: KeyedCommand, context: CommandContext): CommandPlan {
  switch (command.command) {
    case 'createDirect':
      return planCreateDirect(command, context);
    case 'createGroup':
      return planCreateGroup(command, context);
    case 'send':
      return planSend(command, context);
    case 'add':
      return planAdd(command, context);
    case 'remove':
      return planRemove(command, context);
    case 'leave':
      return planLeave(command, context);
    case 'rename':
      return planRename(command, context);
  }
}

/** All of a command but its id, the same text for the same meaning: hash it for the command key (CH-18). */
export function commandText(command: KeyedCommand): string {
  switch (command.command) {
    case 'createDirect':
      return JSON.stringify(['createDirect', command.peer]);
    case 'createGroup':
      return JSON.stringify(['createGroup', command.name, command.users]);
    case 'send':
      return JSON.stringify(['send', command.conversation, command.text]);
    case 'add':
      return JSON.stringify(['add', command.conversation, command.users]);
    case 'remove':
      return JSON.stringify(['remove', command.conversation, command.user]);
    case 'leave':
      return JSON.stringify(['leave', command.conversation]);
    case 'rename':
      return JSON.stringify(['rename', command.conversation, command.name]);
  }
}
