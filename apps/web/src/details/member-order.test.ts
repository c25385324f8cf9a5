import type { MemberEntry, Role } from '@everywire/chat-client';
import { describe, expect, test } from 'vitest';
import { sortMembers } from './member-order.js';

const member = (id: number, role: Role, name = `n${id}`): MemberEntry => ({
  person: { id, name, displayName: name.toUpperCase() },
  role,
});
const ids = (members: readonly MemberEntry[]) => members.map(({ person }) => person.id);

describe('members', () => {
  test('members are sorted by role if all are known, otherwise kept in the server’s order', () => {
    const members = [
      member(1, 'reader'),
      member(2, 'member'),
      member(3, 'owner'),
      member(4, 'member'),
      member(5, 'admin'),
    ];
    expect(ids(sortMembers({ members, more: false }))).toEqual([3, 5, 2, 4, 1]);
    expect(ids(sortMembers({ members, more: true }))).toEqual([1, 2, 3, 4, 5]);
    const many = Array.from({ length: 201 }, (_, index) => member(index, index === 200 ? 'owner' : 'member'));
    expect(ids(sortMembers({ members: many, more: false })).at(-1)).toBe(200);
  });
});
