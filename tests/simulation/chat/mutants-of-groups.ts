import { type Mutant, mutantOf as one } from './mutant.js';

const chat = 'packages/chat/src';
const core = 'packages/chat-client/src/core';

/** Roles, settings and what they allow. */
export const groupMutants: readonly Mutant[] = [
  one(
    'members change settings',
    60,
    `${chat}/permission.ts`,
    "    case 'configure':\n    case 'invite':\n      return 'admin';",
    "    case 'invite':\n      return 'admin';\n    case 'configure':\n      return 'member';",
  ),
  one(
    'equals act on equals',
    'admins among themselves',
    `${chat}/roles.ts`,
    'return rank[a] > rank[b];',
    'return rank[a] >= rank[b];',
  ),
  one(
    'settings forbid nothing',
    60,
    `${chat}/permission.ts`,
    "settings.send === 'admins'",
    "settings.add === 'nobody'",
  ),
  one(
    'an owner leaves nobody in charge',
    60,
    `${chat}/decide-members.ts`,
    "leaver.role === 'owner' ? rows.heir : null",
    'null',
  ),
  one(
    'handing over leaves two owners',
    60,
    `${chat}/decide-group.ts`,
    "return role === 'owner' ? [{ ...sender, role: 'admin', revision: sender.revision + 1 }, given] : [given];",
    'return [given];',
  ),
  one(
    'readers may write once they were members',
    60,
    `${chat}/decide-members.ts`,
    'const role = roleOnJoining(conversation.kind);',
    "const role = 'member' as const;",
  ),
  one(
    'events move names only',
    60,
    `${core}/conversation-list.ts`,
    "service.change === 'settings' ? { settings: service.settings } : {}",
    '{}',
  ),
  one(
    'events move nobody',
    60,
    `${core}/conversation-list.ts`,
    '...said, count, memberCount, membersAt,',
    '...said, count, membersAt,',
  ),
  one(
    'clearing shows what was read',
    60,
    `${chat}/decide-own.ts`,
    'readSent: senderOrdinal, mark: false };',
    'readSent: senderOrdinal, mark: false, shown: sequence };',
  ),
  one('clearing leaves it unread', 60, `${chat}/decide-own.ts`, '...(sequence > member.read && read), ', ''),
  one(
    'a device keeps what was cleared',
    60,
    `${core}/sync-core.ts`,
    'return lowest <= entry.cleared || (before !== null && before.cleared < entry.cleared);',
    'return lowest < 0;',
  ),
  one(
    'what was dismissed never comes back',
    60,
    `${chat}/entry.ts`,
    '(!isOpen(member) || count <= member.dismissed)',
    '(!isOpen(member) || count >= member.dismissed)',
  ),
  one('the list knows no places', 60, `${chat}/entry.ts`, 'placeRank[b.place] - placeRank[a.place] || ', ''),
  one(
    'an invitation never runs out',
    'an invitation for one',
    `${chat}/decide-invites.ts`,
    '(usesMax === null || uses < usesMax)',
    '(usesMax === null || uses < usesMax + 1_000)',
  ),
  one(
    'a group without an invitation lets anyone in',
    60,
    `${chat}/permission.ts`,
    "invited === null && conversation.settings.join !== 'anyone'",
    "invited === 'over' && conversation.settings.join !== 'anyone'",
  ),
  one(
    'who was removed comes back',
    'somebody who was removed',
    `${chat}/permission.ts`,
    "member?.ended?.how === 'removed'",
    'member === null',
  ),
  one('the blocked one writes on', 60, `${chat}/permission.ts`, '(blocks.mine || blocks.theirs)', 'blocks.mine'),
  one('receipts are shown all the same', 60, `${chat}/decide-cursors.ts`, 'receipts && sequence', 'sequence'),
];
