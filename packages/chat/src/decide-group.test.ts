import { expect, it } from 'vitest';
import { planSetRole } from './decide-group.js';
import type { Role } from './model.js';
import { commandId, context, group, memberOf, rowsOf } from './test-rows.js';

/** Returns the outcome when user 2, in the role `actor`, gives a role to user 3. */
function give(
  role: Role,
  setting: { readonly actor: Role; readonly to: Role; readonly guests?: readonly number[] },
): string {
  const members = [
    memberOf(group, 1),
    memberOf(group, 2, { role: setting.actor }),
    memberOf(group, 3, { role: setting.to }),
  ];
  const plan = planSetRole(
    { command: 'setRole', id: commandId, conversation: group.id, user: 3, role },
    { ...context, actor: 2, guests: setting.guests ?? [] },
  );
  const decision = plan.outcome === 'refused' ? plan : plan.decide(rowsOf(group, members));
  return decision.outcome === 'refused' ? decision.code : decision.outcome;
}

it("[CH-27.1] an admin cannot appoint an admin or owner, nor change another admin's role", () => {
  expect(give('admin', { actor: 'admin', to: 'member' })).toBe('denied');
  expect(give('owner', { actor: 'admin', to: 'member' })).toBe('denied');
  expect(give('reader', { actor: 'admin', to: 'admin' })).toBe('denied');
  expect(give('reader', { actor: 'admin', to: 'member' })).toBe('accepted');
});

it('[CH-27.1] an owner can give every role, including owner', () => {
  for (const role of ['reader', 'admin', 'owner'] as const)
    expect(give(role, { actor: 'owner', to: 'member' })).toBe('accepted');
});

it('[CH-49.1] a guest cannot become an owner or admin', () => {
  const setting = { actor: 'owner', to: 'member', guests: [3] } as const;
  expect([give('owner', setting), give('admin', setting)]).toEqual(['guest_role', 'guest_role']);
  expect(give('reader', setting)).toBe('accepted');
  expect(give('owner', { ...setting, guests: [1] })).toBe('accepted');
  expect(give('owner', { ...setting, actor: 'admin' })).toBe('denied');
});

it('[CH-49.2] a guest who is already an admin can be made a member again', () => {
  const setting = { actor: 'owner', to: 'admin', guests: [3] } as const;
  expect([give('admin', setting), give('member', setting)]).toEqual(['accepted', 'accepted']);
});
