import type { Mentions, Message } from './message.js';
import type { Member, MessageName, UserId } from './model.js';
import type { Rows } from './store.js';
import { isOpen, isVisible } from './visibility.js';

/**
 * Returns the message that a command names. Returns `null` if the member may not see it, or if its id differs from the
 * name's (CH-3).
 */
export function namedMessage(rows: Rows, member: Member | undefined, name: MessageName): Message | null {
  const message = rows.messages.get(name.sequence);
  if (message === undefined || message.id !== name.id || member === undefined) return null;
  return isVisible(member, name.sequence) ? message : null;
}

/** Returns the members other than the author (`writer`) whom a text mentions; `null` if it mentions none (CH-20). */
export function mentionsIn(rows: Rows, writer: UserId, wanted: Mentions | undefined): Mentions | null {
  if (wanted === undefined) return null;
  const users = [...new Set(wanted.users)].filter((user) => user !== writer && isOpen(rows.members.get(user)));
  return users.length > 0 || wanted.all ? { users, all: wanted.all } : null;
}
