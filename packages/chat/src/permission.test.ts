import { describe, expect, it } from 'vitest';
import { type Action, checkPermission } from './permission.js';
import { group, memberOf } from './test-rows.js';

const actions: readonly Action[] = [
  'send',
  'add',
  'remove',
  'leave',
  'rename',
  'read',
  'delivered',
  'draft',
  'typing',
  'watch',
];
const direct = { ...group, kind: 'direct' as const };
const [owner, member] = [memberOf(group, 1), memberOf(group, 2)];
const former = memberOf(group, 3, { periods: [{ from: 1, to: 4, toModification: 0 }] });

const allowed = (conversation: typeof group | null, who: typeof owner | null): readonly Action[] =>
  actions.filter((action) => checkPermission(action, conversation, who) === null);

describe('checkPermission', () => {
  it('lets the owner of a group do everything', () => {
    expect(allowed(group, owner)).toEqual(actions);
  });

  it('lets a member do everything but remove others', () => {
    expect(allowed(group, member)).toEqual(actions.filter((action) => action !== 'remove'));
    expect(checkPermission('remove', group, member)).toBe('denied');
  });

  it('keeps a direct conversation between its two people', () => {
    expect(allowed(direct, member)).toEqual(['send', 'read', 'delivered', 'draft', 'typing', 'watch']);
    expect(checkPermission('add', direct, member)).toBe('denied');
  });

  it('[CH-3] lets a former member do nothing, and tells a stranger nothing', () => {
    expect(actions.map((action) => checkPermission(action, group, former))).toEqual(actions.map(() => 'not_member'));
    expect(actions.map((action) => checkPermission(action, group, undefined))).toEqual(actions.map(() => 'not_found'));
    expect(actions.map((action) => checkPermission(action, null, null))).toEqual(actions.map(() => 'not_found'));
  });
});
