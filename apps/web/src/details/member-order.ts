import type { MemberEntry, Role } from '@everywire/chat-client';

const rank: Record<Role, number> = { owner: 0, admin: 1, member: 2, reader: 3 };

interface Known {
  readonly members: readonly MemberEntry[];
  readonly more: boolean;
}

/** So many come with one page: nothing changes its place by loading more. */
const pageMax = 200;

/** Who has most to say first, where all are known from the start; else as they come, so that those who follow move nobody. */
export function inOrder({ members, more }: Known): readonly MemberEntry[] {
  if (more || members.length > pageMax) return members;
  return [...members].sort((a, b) => rank[a.role] - rank[b.role]);
}

/** Whose name or user name holds these letters. */
export function withName(members: readonly MemberEntry[], query: string): readonly MemberEntry[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === '') return members;
  return members.filter(({ person }) => `${person.displayName}\n${person.name}`.toLocaleLowerCase().includes(wanted));
}
