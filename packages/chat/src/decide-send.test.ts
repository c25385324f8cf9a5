import { expect, it } from 'vitest';
import { planSend } from './decide-send.js';
import type { FileRef, Message } from './message.js';
import { commandId, context, group, members, rowsOf } from './test-rows.js';
import type { Send } from './wire-messages.js';

// Tests the result that the sender of a message gets. User 1 sends in conversation 7; `root` is an earlier message with
// a thread.

const file: FileRef = { id: 'f'.repeat(32), name: 'plan.pdf', kind: 'file', type: 'application/pdf', size: 1 };
const root: Message = {
  conversation: 7,
  sequence: 5,
  id: 'b'.repeat(16),
  sender: 2,
  commandId,
  body: { kind: 'text', text: 'root' },
  sentAt: 1_000,
  modification: 0,
  ordinal: 4,
  senderOrdinal: 1,
  replies: 2,
};

/** Returns the result for user 1. */
function resultOf(command: Partial<Send>): unknown {
  const whole: Send = { command: 'send', id: commandId, conversation: 7, text: 'hello', ...command };
  const plan = planSend(whole, { ...context, ...(command.files && { files: [file] }) });
  const rows = { ...rowsOf(group, members), messages: new Map([[root.sequence, root]]) };
  const decision = plan.outcome === 'refused' ? plan : plan.decide(rows);
  return decision.outcome === 'refused' ? decision.code : decision.result;
}

/** The result of a plain message. */
const sent = { sequence: 11, id: 'a'.repeat(16), sentAt: 1_000, ordinal: 9, modification: 4 };

it('[CH-20.3] the result of a message names those it mentions: members, and all if requested', () => {
  expect(resultOf({ mentions: { users: [2, 9], all: false } })).toEqual({
    ...sent,
    mentions: { users: [2], all: false },
  });
  expect(resultOf({ mentions: { users: [], all: true } })).toEqual({ ...sent, mentions: { users: [], all: true } });
  expect(resultOf({ mentions: { users: [9], all: false } })).toEqual(sent);
});

it('[CH-21.1] the result of a reply names its thread and its ordinal there', () => {
  const thread = { sequence: root.sequence, id: root.id };
  expect(resultOf({ thread })).toEqual({ ...sent, ordinal: 8, modification: 5, thread: { root: 5, ordinal: 3 } });
});

it('the result of a message with files describes them', () => {
  expect(resultOf({ files: [file.id] })).toEqual({ ...sent, files: [file] });
});
