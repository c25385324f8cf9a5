import type { KeyedCommand, PersonalCommand } from '@everywire/chat';

const names: Readonly<Record<PersonalCommand['command'], true>> = {
  arrange: true,
  mute: true,
  notify: true,
  mark: true,
  clear: true,
  dismiss: true,
};

/** Returns whether a command changes only one's own entry. The event about that may be lost, so the entry must be requested. */
export function isOwnCommand(command: KeyedCommand): command is PersonalCommand {
  return Object.hasOwn(names, command.command);
}
