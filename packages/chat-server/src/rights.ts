import type { AccountRole, Request, RestErrorCode } from '@everywire/chat';

/** The right that a route requires. `person`: the caller must be any authenticated user; guests are included. */
export type Right = 'anyone' | 'person' | 'member' | 'administrator';

const rank: Readonly<Record<AccountRole, number>> = { guest: 1, member: 2, administrator: 3 };
const needed: Readonly<Record<Right, number>> = { anyone: 0, person: 1, member: 2, administrator: 3 };

/**
 * Decides whether a role has a right. Returns `null` if it has; otherwise the error code of the refusal. All such
 * decisions are made here. `role`: `null` for an unauthenticated caller.
 */
export function checkRight(right: Right, role: AccountRole | null): RestErrorCode | null {
  if (needed[right] === 0) return null;
  if (role === null) return 'unauthenticated';
  return rank[role] >= needed[right] ? null : 'denied';
}

/**
 * Commands that a guest may send. Guests talk where they were invited; they cannot create conversations, admit users or
 * search for people. Every other command is denied, so a new one must be added here deliberately.
 */
const guestCommands: ReadonlySet<Request['command']> = new Set<Request['command']>([
  ...(['send', 'forward', 'edit', 'recall', 'react', 'hide', 'leave', 'read', 'delivered', 'draft'] as const),
  ...(['arrange', 'mute', 'notify', 'mark', 'clear', 'dismiss', 'block', 'setReceipts', 'privacy'] as const),
  ...(['typing', 'watch', 'watchPresence', 'present'] as const),
  ...(['list', 'listPage', 'entry', 'page', 'changes', 'messages', 'versions', 'search', 'findConversations'] as const),
  ...(['pins', 'hidden', 'members', 'readers', 'people'] as const),
]);

/** Returns whether a guest may send the command. */
export function mayGuest(command: Request['command']): boolean {
  return guestCommands.has(command);
}
