import type { ConversationKind, Role } from './model.js';

const rank: { readonly [Each in Role]: number } = { reader: 0, member: 1, admin: 2, owner: 3 };

/** Whether `a` stands above `b`. Equals do not. */
export function outranks(a: Role, b: Role): boolean {
  return rank[a] > rank[b];
}

export function isAtLeast(role: Role, least: Role): boolean {
  return rank[role] >= rank[least];
}

/** What one becomes by joining, whoever added: in a channel one reads. */
export function roleOnJoining(kind: ConversationKind): Role {
  return kind === 'channel' ? 'reader' : 'member';
}
