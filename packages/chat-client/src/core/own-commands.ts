import type { KeyedCommand, OwnCommand } from '@everywire/chat';

const names: Readonly<Record<OwnCommand['command'], true>> = {
  arrange: true,
  mute: true,
  notify: true,
  mark: true,
  clear: true,
  dismiss: true,
};

/** Its only trace is in one's own entry, and the hint about that may be lost. */
export function isOwnCommand(command: KeyedCommand): command is OwnCommand {
  return Object.hasOwn(names, command.command);
}
