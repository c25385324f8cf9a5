import type { ConversationEntry } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { en } from '../i18n/en.js';
import { closedWords } from './closed-words.js';

const open = {
  kind: 'group',
  member: true,
  ended: null,
  role: 'member',
  blocked: false,
  settings: { send: 'members', add: 'members', rename: 'members', join: 'invited' },
} as unknown as ConversationEntry;

test('closedWords returns why the user cannot write, or null', () => {
  const admins = { ...open.settings, send: 'admins' } as const;
  expect(closedWords(open, en)).toBeNull();
  expect(closedWords({ ...open, role: 'reader' }, en)).toBe(en.readersNote);
  expect(closedWords({ ...open, settings: admins }, en)).toBe(en.adminsNote);
  expect(closedWords({ ...open, settings: admins, role: 'admin' }, en)).toBeNull();
  expect(closedWords({ ...open, kind: 'direct', blocked: true }, en)).toBe(en.blockedNote);
  const gone = { id: 2, name: '', displayName: 'Deleted account', state: 'deleted' } as const;
  expect(closedWords({ ...open, kind: 'direct', peer: gone }, en)).toBe(en.deletedAccountNote);
  expect(closedWords({ ...open, kind: 'direct', peer: { ...gone, state: 'suspended' } }, en)).toBeNull();
  expect(closedWords({ ...open, member: false, ended: 'removed' }, en)).toBe(en.removedNote);
  expect(closedWords({ ...open, member: false, ended: 'left', blocked: true }, en)).toBe(en.leftNote);
});
