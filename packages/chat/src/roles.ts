import type { ConversationKind, Role } from './model.js';

const rank: { readonly [Each in Role]: number } = { reader: 0, member: 1, admin: 2, owner: 3 };

/** Returns whether role `a` is above `b`; false for equal roles. */
export function outranks(a: Role, b: Role): boolean {
  return rank[a] > rank[b];
}

/** Returns whether the role is `least` or above. */
export function isAtLeast(role: Role, least: Role): boolean {
  return rank[role] >= rank[least];
}

/**
 * Returns the role of a new member, whether the member joins or is added: `reader` in a channel, otherwise `member`.
 */
export function roleOnJoining(kind: ConversationKind): Role {
  return kind === 'channel' ? 'reader' : 'member';
}
