import type { KeyedCommand, OwnCommand } from '@everywire/chat';

const names: Readonly<Record<OwnCommand['command'], true>> = {
  arrange: true,
  mute: true,
  notify: true,
  mark: true,
  clear: true,
  dismiss: true,
};

/** Returns whether a command changes only one's own entry. The event about that may be lost, so the entry must be requested. */
export function isOwnCommand(command: KeyedCommand): command is OwnCommand {
  return Object.hasOwn(names, command.command);
}
