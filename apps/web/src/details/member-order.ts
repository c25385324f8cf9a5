import type { MemberEntry, Role } from '@everywire/chat-client';

const rank: Record<Role, number> = { owner: 0, admin: 1, member: 2, reader: 3 };

interface Known {
  readonly members: readonly MemberEntry[];
  readonly more: boolean;
}

/** The size of the first page. A list that grew beyond it is not sorted, so that loading more moves no row. */
const PAGE_MAX = 200;

/**
 * Returns the members sorted by role if all are known from the first page, otherwise in the server's order, so that later pages do not move
 * rows.
 */
export function sortMembers({ members, more }: Known): readonly MemberEntry[] {
  if (more || members.length > PAGE_MAX) return members;
  return [...members].sort((a, b) => rank[a.role] - rank[b.role]);
}
