import type { CommandContext } from './command-context.js';
import { type CommandPlan, nothingToDo } from './command-plan.js';
import type { Message } from './message.js';
import type { Hidden } from './model.js';
import { namedMessage } from './named-message.js';
import { admit } from './permission.js';
import { noChanges, noNeeds } from './store.js';
import type { Hide } from './wire-messages.js';

/**
 * Plans to hide messages permanently from the actor's own view. No other user is notified, and only the revision of the
 * actor's row rises (CH-6).
 */
export function planHide(command: Hide, { actor }: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [actor], messages: command.messages.map(({ sequence }) => sequence) },
    decide: (rows) => {
      const admitted = admit('hide', rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      const { member } = admitted;
      const named = command.messages.map((name) => namedMessage(rows, member, name));
      if (named.includes(null)) return { outcome: 'refused', code: 'not_found' };
      const hiding = named.filter((message) => message !== null).filter(({ sequence }) => !rows.hidden.has(sequence));
      if (hiding.length === 0) return nothingToDo;
      const revision = member.revision + 1;
      const { conversation } = member;
      const hide = ({ sequence, sender, body, thread }: Message): Hidden => {
        const counts = body.kind !== 'service' && sender !== actor;
        return { conversation, user: actor, sequence, at: revision, root: thread?.root ?? 0, counts };
      };
      return {
        outcome: 'accepted',
        changes: { ...noChanges, members: [{ ...member, revision, hiddenAt: revision }], hidden: hiding.map(hide) },
        result: {},
        notices: [{ to: 'users', users: [actor], event: { event: 'own', epoch: rows.epoch, conversation, revision } }],
      };
    },
  };
}
