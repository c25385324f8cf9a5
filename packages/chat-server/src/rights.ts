import type { AccountRole, Request, RestErrorCode } from '@everywire/chat';

/** Who may use a route of the REST interface. `person`: anyone who is signed in, guests included. */
export type Right = 'anyone' | 'person' | 'member' | 'administrator';

const rank: Readonly<Record<AccountRole, number>> = { guest: 1, member: 2, administrator: 3 };
const needed: Readonly<Record<Right, number>> = { anyone: 0, person: 1, member: 2, administrator: 3 };

/** The one place that says who may use a route; `null` is yes. `role` is `null` for whoever is not signed in. */
export function checkRight(right: Right, role: AccountRole | null): RestErrorCode | null {
  if (needed[right] === 0) return null;
  if (role === null) return 'unauthenticated';
  return rank[role] >= needed[right] ? null : 'denied';
}

/**
 * What a guest may ask of a session. Guests talk where they were asked in; they make no conversations, let nobody in and do
 * not look through the people. Whatever is not named here is denied, so a new command has to be let in on purpose.
 */
const guestCommands: ReadonlySet<Request['command']> = new Set<Request['command']>([
  ...(['send', 'forward', 'edit', 'recall', 'react', 'hide', 'leave', 'read', 'delivered', 'draft'] as const),
  ...(['arrange', 'mute', 'notify', 'mark', 'clear', 'dismiss', 'block', 'setReceipts', 'privacy'] as const),
  ...(['typing', 'watch', 'watchPresence', 'present'] as const),
  ...(['list', 'listPage', 'entry', 'page', 'changes', 'messages', 'versions', 'search', 'findConversations'] as const),
  ...(['pins', 'hidden', 'members', 'readers', 'people'] as const),
]);

export function mayGuest(command: Request['command']): boolean {
  return guestCommands.has(command);
}
