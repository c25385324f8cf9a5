import type { Mentions, Message } from './message.js';
import type { Member, MessageName, UserId } from './model.js';
import type { Rows } from './store.js';
import { isOpen, isVisible } from './visibility.js';

/** The message that a command names, if the member may see it and the id agrees (CH-3). */
export function namedMessage(rows: Rows, member: Member | undefined, name: MessageName): Message | null {
  const message = rows.messages.get(name.sequence);
  if (message === undefined || message.id !== name.id || member === undefined) return null;
  return isVisible(member, name.sequence) ? message : null;
}

/** Whom a text calls (CH-20): members other than its writer; `null` for nobody. */
export function mentionsIn(rows: Rows, writer: UserId, wanted: Mentions | undefined): Mentions | null {
  if (wanted === undefined) return null;
  const users = [...new Set(wanted.users)].filter((user) => user !== writer && isOpen(rows.members.get(user)));
  return users.length > 0 || wanted.all ? { users, all: wanted.all } : null;
}
