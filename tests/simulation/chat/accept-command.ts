import type { Command, KeyedCommand, Message, UserId } from '@everywire/chat';
import { isRight } from './rights.js';
import { givenBy, type Reply } from './server-node.js';
import { accept, acceptDelivered, acceptRead, type Truth } from './truth.js';
import { acceptDraft } from './truth-own.js';
import { worldLimits } from './world-limits.js';

/** The outcome of an accepted command. */
export interface Accepted {
  readonly reply: Reply;
  /** The message that a `forward` copied; `null` for other commands. */
  readonly forwarded: Message | null;
  /** When the command was issued, in simulated milliseconds. */
  readonly now: number;
}

/**
 * Applies a command that the simulated server accepted to the truth: the expected state, which the simulation computes
 * without any code of the product. Returns the rule that the server violated and a description, or `null` if it was right.
 */
export function acceptCommand(
  truth: Truth,
  user: UserId,
  command: Command,
  { reply, forwarded, now }: Accepted,
): readonly [rule: string, what: string] | null {
  if (command.command === 'read') acceptRead(truth, user, command);
  else if (command.command === 'delivered') acceptDelivered(truth, command.conversation, user, command.sequence);
  else if (command.command === 'draft') {
    if (!acceptDraft(truth, user, command, reply))
      return ['CH-2', `${user} was answered ${JSON.stringify(reply)} to ${JSON.stringify(command)}`];
  } else if ('id' in command) {
    const keyed = command as KeyedCommand;
    const right = isRight(truth, user, keyed, now);
    accept(truth, user, keyed, { ...givenBy(reply), small: worldLimits.smallMembersMax, forwarded, now });
    if (!right) return ['CH-27', `${user} was let do ${JSON.stringify(command)}`];
  }
  return null;
}

/** Returns whether a `join` was refused although the group was open to the user. */
export function isWronglyRefused(truth: Truth, user: UserId, command: Command, reply: Reply, now: number): boolean {
  if ('ok' in reply || command.command !== 'join' || !truth.conversations.has(command.conversation)) return false;
  return isRight(truth, user, command, now);
}
