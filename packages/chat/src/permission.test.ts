import { describe, expect, it } from 'vitest';
import { channelSettings, groupSettings } from './group-settings.js';
import type { Conversation, Role } from './model.js';
import {
  type Action,
  admit,
  checkDelete,
  checkEntryPermission,
  checkJoin,
  checkPermission,
  checkPermissionOver,
  checkPermissionToGive,
} from './permission.js';
import type { Rows } from './store.js';
import { group, memberOf } from './test-rows.js';

// Tests which role may do what in a conversation.

const roles: readonly Role[] = ['reader', 'member', 'admin', 'owner'];
const channel: Conversation = { ...group, kind: 'channel', settings: channelSettings };
const strict: Conversation = {
  ...group,
  settings: { send: 'admins', add: 'admins', rename: 'admins', join: 'invited' },
};
const direct: Conversation = { ...group, kind: 'direct' };

/**
 * The least role with the permission: in a group of default settings, in one restricted to admins, and in a channel; and whether
 * a direct conversation permits it.
 */
const table: { readonly [Each in Action]: readonly [plain: Role, strict: Role, channel: Role, alone: boolean] } = {
  read: ['reader', 'reader', 'reader', true],
  delivered: ['reader', 'reader', 'reader', true],
  draft: ['reader', 'reader', 'reader', true],
  watch: ['reader', 'reader', 'reader', true],
  own: ['reader', 'reader', 'reader', true],
  hide: ['reader', 'reader', 'reader', true],
  recall: ['reader', 'reader', 'reader', true],
  react: ['member', 'member', 'member', true],
  edit: ['member', 'admin', 'member', true],
  pin: ['member', 'admin', 'admin', true],
  send: ['member', 'admin', 'member', true],
  mentionAll: ['member', 'admin', 'member', true],
  typing: ['member', 'admin', 'member', true],
  leave: ['reader', 'reader', 'reader', false],
  add: ['member', 'admin', 'admin', false],
  rename: ['member', 'admin', 'admin', false],
  remove: ['admin', 'admin', 'admin', false],
  setRole: ['admin', 'admin', 'admin', false],
  configure: ['admin', 'admin', 'admin', false],
  setPicture: ['admin', 'admin', 'admin', false],
  invite: ['admin', 'admin', 'admin', false],
  delete: ['owner', 'owner', 'owner', false],
};
const actions = Object.keys(table) as readonly Action[];

function allowed(conversation: Conversation, role: Role): readonly Action[] {
  const member = memberOf(conversation, 2, { role });
  return actions.filter((action) => checkPermission(action, conversation, member, { sender: 2 }) === null);
}

describe('checkPermission', () => {
  it.each(roles)('[CH-27.1] a %s may do exactly what the table of permissions says', (role) => {
    const among = (column: 0 | 1 | 2): readonly Action[] =>
      actions.filter((action) => roles.indexOf(role) >= roles.indexOf(table[action][column]));
    expect(allowed(group, role)).toEqual(among(0));
    expect(allowed(strict, role)).toEqual(among(1));
    expect(allowed(channel, role)).toEqual(among(2));
  });

  it('a direct conversation has exactly its two users, and notes exactly one', () => {
    const alone = actions.filter((action) => table[action][3]);
    expect(allowed(direct, 'member')).toEqual(alone);
    expect(allowed({ ...direct, kind: 'notes' }, 'member')).toEqual(alone);
    expect(checkPermission('add', direct, memberOf(direct, 2))).toBe('denied');
  });

  it('[CH-27.1] only the author edits a message, and admins may recall it too', () => {
    const of = (action: Action, role: Role): unknown =>
      checkPermission(action, group, memberOf(group, 2, { role }), { sender: 3 });
    expect(roles.map((role) => of('edit', role))).toEqual(['denied', 'denied', 'denied', 'denied']);
    expect(roles.map((role) => of('recall', role))).toEqual(['denied', 'denied', null, null]);
  });

  it('[CH-27.1] only admins mention everyone in a large conversation', () => {
    const large = { ...group, large: true };
    const may = (role: Role): unknown => checkPermission('mentionAll', large, memberOf(large, 2, { role }));
    expect(roles.map(may)).toEqual(['denied', 'denied', null, null]);
  });

  it('[CH-3.2] [CH-3.4] a former member may do nothing, and a stranger learns nothing', () => {
    const former = memberOf(group, 3, { periods: [{ from: 1, to: 4, toModification: 0 }] });
    expect(actions.map((action) => checkPermission(action, group, former))).toEqual(actions.map(() => 'not_member'));
    expect(actions.map((action) => checkPermission(action, group, undefined))).toEqual(actions.map(() => 'not_found'));
    expect(actions.map((action) => checkPermission(action, null, null))).toEqual(actions.map(() => 'not_found'));
  });

  it('[CH-36.4] [CH-36.5] a deleted conversation permits nothing but deleting it again', () => {
    const deleted = { ...group, deleted: true };
    const owner = memberOf(group, 1);
    expect(actions.map((action) => checkPermission(action, deleted, owner))).toEqual(
      actions.map(() => 'conversation_deleted'),
    );
    expect(checkDelete(deleted, owner, false)).toBeNull();
    expect(checkDelete(group, undefined, true)).toBeNull();
    expect(checkDelete(direct, undefined, true)).toBe('denied');
    expect(checkDelete(null, undefined, true)).toBe('not_found');
  });

  it('checkEntryPermission decides the same on an entry', () => {
    const entry = { kind: 'group', settings: groupSettings, member: true, ended: null, role: 'reader' } as const;
    expect(checkEntryPermission('typing', entry)).toBe('denied');
    expect(checkEntryPermission('typing', { ...entry, role: 'member' })).toBeNull();
    expect(checkEntryPermission('typing', { ...entry, member: false })).toBe('not_member');
    expect(checkEntryPermission('typing', { ...entry, member: false, ended: 'deleted' })).toBe('conversation_deleted');
    expect(checkEntryPermission('typing', null)).toBe('not_found');
  });
});

describe('permissions over other members', () => {
  it('[CH-27.1] a member may act only on members of lower roles', () => {
    for (const [index, role] of roles.entries()) {
      const below = roles.filter((other) => checkPermissionOver({ role }, { role: other }) === null);
      expect(below).toEqual(roles.slice(0, index));
    }
  });

  it('[CH-27.1] a member gives only roles below their own, and the owner every role', () => {
    const given = (role: Role): readonly Role[] => roles.filter((to) => checkPermissionToGive({ role }, to) === null);
    expect(roles.map(given)).toEqual([[], ['reader'], ['reader', 'member'], roles]);
  });
});

describe('joining by a link or without one', () => {
  const open = { ...group, settings: { ...groupSettings, join: 'anyone' as const } };
  const left = { ended: { how: 'left', name: '' } } as const;
  const removed = { ended: { how: 'removed', name: '' } } as const;

  it('[CH-29.3] [CH-29.4] joining needs a valid invitation, or none if anyone may join', () => {
    const code = (conversation: Conversation | null, invited: Parameters<typeof checkJoin>[2]): unknown =>
      checkJoin(conversation, undefined, invited);
    expect([code(group, 'good'), code(open, null), code(channel, 'good')]).toEqual([null, null, null]);
    expect([code(group, null), code(group, 'unknown'), code(open, 'unknown')]).toEqual(Array(3).fill('not_found'));
    expect([code(null, 'good'), code(direct, 'good')]).toEqual(['not_found', 'not_found']);
    expect(code(group, 'over')).toBe('invite_ended');
  });

  it('[CH-29.5] a member who left may join again, and one who was removed may not', () => {
    expect([checkJoin(group, left, 'good'), checkJoin(open, left, null)]).toEqual([null, null]);
    expect([checkJoin(group, removed, 'good'), checkJoin(open, removed, null)]).toEqual(['denied', 'denied']);
  });
});

it('[CH-30.1] a block between two users permits no change of their conversation', () => {
  const members = new Map([[2, memberOf(direct, 2)]]);
  const code = (action: Action, blocks: Rows['blocks']): unknown => {
    const admitted = admit(action, { conversation: direct, members, blocks }, 2, { sender: 2 });
    return admitted.outcome === 'refused' ? admitted.code : null;
  };
  for (const blocks of [
    { mine: true, theirs: false },
    { mine: false, theirs: true },
  ]) {
    for (const action of ['send', 'edit', 'react', 'pin'] as const) expect(code(action, blocks)).toBe('blocked');
    for (const action of ['read', 'own', 'draft', 'recall', 'hide'] as const) expect(code(action, blocks)).toBeNull();
  }
  expect(code('send', { mine: false, theirs: false })).toBeNull();
});
