import type { KeyedCommand, PersonalCommand } from '@everywire/chat';

const names: Readonly<Record<PersonalCommand['command'], true>> = {
  arrange: true,
  mute: true,
  notify: true,
  mark: true,
  clear: true,
  dismiss: true,
};

/**
 * Returns whether a command changes only the user's own entry, such as the mute setting of a conversation. The event
 * about such a change may be lost, so the caller must request the entry after the command.
 */
export function isOwnCommand(command: KeyedCommand): command is PersonalCommand {
  return Object.hasOwn(names, command.command);
}
