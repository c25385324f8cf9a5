import { expect, it } from 'vitest';
import type { Message, MessageMarks } from './message.js';
import { messageRow, seenRow } from './message-row.js';
import { commandId } from './test-rows.js';

// Tests `messageRow` and `seenRow`, the forms in which a stored message is sent to clients.

const shown = {
  sequence: 5,
  id: 'b'.repeat(16),
  sender: 2,
  commandId,
  body: { kind: 'text', text: 'hello' } as const,
  sentAt: 1_000,
  modification: 3,
  ordinal: 4,
};
const message: Message = { ...shown, conversation: 7, senderOrdinal: 1 };
const marks: Required<MessageMarks> = {
  quote: { sequence: 4, id: 'a'.repeat(16) },
  mentions: { users: [3], all: false },
  thread: { root: 2, ordinal: 1 },
  forwarded: { sender: 9, sentAt: 500 },
  edited: { at: 2_000, modification: 3, count: 1 },
  pinned: { by: 1, at: 2_000 },
  reactions: [{ emoji: '👍', users: [1] }],
};

it('[CH-7.2] a row for many receivers has every mark of its message, and neither its author ordinal nor its replies', () => {
  expect(messageRow({ ...message, ...marks, replies: 2 })).toEqual({ ...shown, ...marks });
});

it('a row of a message without marks has no fields for them', () => {
  expect(Object.keys(messageRow(message)).sort()).toEqual(Object.keys(shown).sort());
});

it('a row for one user has the replies that this user may see', () => {
  expect(seenRow({ ...message, replies: 2 })).toEqual({ ...shown, replies: 2 });
  expect(seenRow(message)).toEqual(shown);
});
