import { describe, expect, it } from 'vitest';
import { planEdit, planRecall } from './decide-edit.js';
import type { Message } from './message.js';
import type { Conversation, Role } from './model.js';
import { commandId, context, group, memberOf, rowsOf } from './test-rows.js';
import type { Edit } from './wire-messages.js';

// Tests the decisions about edits and recalls of a message that user 2 has sent.

const { limits } = context;
const sent: Message = {
  conversation: 7,
  sequence: 5,
  id: 'b'.repeat(16),
  sender: 2,
  commandId,
  body: { kind: 'text', text: 'first' },
  sentAt: 1_000,
  modification: 0,
  ordinal: 4,
  senderOrdinal: 1,
};
const sentName = { sequence: sent.sequence, id: sent.id };
const large: Conversation = { ...group, large: true };

interface Case {
  readonly role?: Role;
  readonly message?: Partial<Message>;
  readonly conversation?: Conversation;
  /** Milliseconds from the message to the command. */
  readonly elapsedMs?: number;
}

/** Returns the stored rows from which the decision about the command of user 2 is made. */
function rowsFor({ role = 'member', message = {}, conversation = group }: Case) {
  const members = [memberOf(conversation, 1), memberOf(conversation, 2, { role }), memberOf(conversation, 3)];
  return { ...rowsOf(conversation, members), messages: new Map([[sent.sequence, { ...sent, ...message }]]) };
}

/** Returns `accepted`, or the code of the refusal. */
function resultOf(plan: ReturnType<typeof planEdit>, rows: ReturnType<typeof rowsFor>): string {
  const decision = plan.outcome === 'refused' ? plan : plan.decide(rows);
  return decision.outcome === 'refused' ? decision.code : decision.outcome;
}

function edit(command: Partial<Edit>, given: Case = {}): string {
  const fullCommand: Edit = {
    command: 'edit',
    id: commandId,
    conversation: 7,
    message: sentName,
    base: 0,
    text: 'second',
    ...command,
  };
  return resultOf(
    planEdit(fullCommand, { ...context, actor: 2, now: sent.sentAt + (given.elapsedMs ?? 0) }),
    rowsFor(given),
  );
}

function recall(given: Case): string {
  const command = { command: 'recall', id: commandId, conversation: 7, message: sentName } as const;
  return resultOf(
    planRecall(command, { ...context, actor: 2, now: sent.sentAt + (given.elapsedMs ?? 0) }),
    rowsFor(given),
  );
}

describe('planEdit', () => {
  it('an edit is accepted until editMs after sending, and refused a millisecond later', () => {
    expect(edit({}, { elapsedMs: limits.editMs })).toBe('accepted');
    expect(edit({}, { elapsedMs: limits.editMs + 1 })).toBe('too_late');
  });

  it('a message can be edited editsMax times; one more edit is refused', () => {
    // An edit names the modification that it is based on.
    const editedTimes = (count: number): Case => ({ message: { edited: { at: 1_000, modification: 3, count } } });
    expect(edit({ base: 3 }, editedTimes(limits.editsMax - 1))).toBe('accepted');
    expect(edit({ base: 3 }, editedTimes(limits.editsMax))).toBe('too_many');
  });

  it('an edit may mention mentionsMax users; one more mention is refused', () => {
    const mentioning = (count: number) => ({
      mentions: { users: Array.from({ length: count }, (_, index) => index), all: false },
    });
    expect(edit(mentioning(limits.mentionsMax))).toBe('accepted');
    expect(edit(mentioning(limits.mentionsMax + 1))).toBe('too_many');
  });

  it.each<[string, Message['mentions']]>([
    ['nothing', undefined],
    ['one person', { users: [3], all: false }],
    ['everyone', { users: [], all: true }],
  ])(
    '[CH-27.1] in a large group only an admin can mention all members by an edit, whether the message mentioned %s before or not',
    (_, mentions) => {
      const all = { mentions: { users: [3], all: true } };
      const message = mentions === undefined ? {} : { mentions };
      expect(edit(all, { message, conversation: large })).toBe('denied');
      expect(edit(all, { message, conversation: large, role: 'admin' })).toBe('accepted');
      // In a small group every member can.
      expect(edit(all, { message })).toBe('accepted');
    },
  );
});

describe('planRecall', () => {
  it('a recall is accepted until recallMs after sending, and refused a millisecond later', () => {
    expect(recall({ elapsedMs: limits.recallMs })).toBe('accepted');
    expect(recall({ elapsedMs: limits.recallMs + 1 })).toBe('too_late');
  });
});
