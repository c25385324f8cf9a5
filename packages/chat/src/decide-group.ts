import type { CommandContext } from './command-context.js';
import { type CommandPlan, nothingToDo } from './command-plan.js';
import { decideService } from './decide-service.js';
import { isSameSettings } from './group-settings.js';
import { admit, checkPermissionOver, checkPermissionToGive, keepsOrder } from './permission.js';
import { noNeeds } from './store.js';
import { isOpen } from './visibility.js';
import type { Configure, SetPicture, SetRole } from './wire-groups.js';

/**
 * Plans to change a member's role, with a service message (CH-6). If the new role is `owner`, the old owner becomes an
 * admin, so that there is always exactly one owner.
 */
export function planSetRole(command: SetRole, context: CommandContext): CommandPlan {
  const { actor } = context;
  const { user, role } = command;
  if (user === actor) return { outcome: 'refused', code: 'denied' };
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [actor, user] },
    decide: (rows) => {
      const admitted = admit('setRole', rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      const other = rows.members.get(user);
      if (other === undefined || !isOpen(other)) return { outcome: 'refused', code: 'not_found' };
      const code = checkPermissionOver(admitted.member, other) ?? checkPermissionToGive(admitted.member, role);
      if (code !== null) return { outcome: 'refused', code };
      if (other.role === role) return nothingToDo;
      // A guest cannot become an admin, because a guest account may be gone later and has few rights.
      if (keepsOrder({ role }) && context.guests?.includes(user)) return { outcome: 'refused', code: 'guest_role' };
      return decideService(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: { change: 'role', user, role },
        change: (conversation) => ({ ...conversation, membersAt: conversation.sequence }),
        members: (sender) => {
          const given = { ...other, role, revision: other.revision + 1 };
          return role === 'owner' ? [{ ...sender, role: 'admin', revision: sender.revision + 1 }, given] : [given];
        },
      });
    },
  };
}

/**
 * Plans to change the group's settings, with a service message. If the settings are unchanged, the command succeeds
 * without one.
 */
export function planConfigure(command: Configure, context: CommandContext): CommandPlan {
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [context.actor] },
    decide: (rows) => {
      const admitted = admit('configure', rows, context.actor);
      if (admitted.outcome === 'refused') return admitted;
      const { settings } = command;
      if (isSameSettings(admitted.conversation.settings, settings)) return nothingToDo;
      return decideService(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: { change: 'settings', settings },
        change: (conversation) => ({ ...conversation, settings }),
        members: () => [],
      });
    },
  };
}

/**
 * Plans to set or remove the group's picture, with a service message. The file must be a picture according to the
 * inspection after its upload.
 */
export function planSetPicture(command: SetPicture, context: CommandContext): CommandPlan {
  const { actor, files } = context;
  const { file: picture } = command;
  return {
    outcome: 'planned',
    target: { by: 'id', conversation: command.conversation },
    needs: { ...noNeeds, members: [actor] },
    decide: (rows) => {
      const admitted = admit('setPicture', rows, actor);
      if (admitted.outcome === 'refused') return admitted;
      if (admitted.conversation.picture === picture) return nothingToDo;
      if (picture !== null) {
        const ref = files?.[0];
        if (ref === undefined) return { outcome: 'refused', code: 'not_found' };
        if (ref.picture === undefined) return { outcome: 'refused', code: 'picture_unreadable' };
      }
      return decideService(rows, admitted, {
        context: { ...context, commandId: command.id },
        service: { change: 'picture', picture },
        change: (conversation) => ({ ...conversation, picture }),
        members: () => [],
      });
    },
  };
}
