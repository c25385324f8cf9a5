import { describe, expect, it } from 'vitest';
import { planEdit, planRecall } from './decide-edit.js';
import type { Message } from './message.js';
import type { Conversation, Role } from './model.js';
import { commandId, context, group, memberOf, rowsOf } from './test-rows.js';
import type { Edit } from './wire-messages.js';

const { limits } = context;
const sent: Message = {
  ...{ conversation: 7, sequence: 5, id: 'b'.repeat(16), sender: 2, commandId, body: { kind: 'text', text: 'first' } },
  ...{ sentAt: 1_000, modification: 0, ordinal: 4, senderOrdinal: 1 },
};
const name = { sequence: sent.sequence, id: sent.id };
const large: Conversation = { ...group, large: true };

interface Case {
  readonly role?: Role;
  readonly message?: Partial<Message>;
  readonly conversation?: Conversation;
  /** Milliseconds after the message was sent. */
  readonly after?: number;
}

/** Returns the rows when user 2 edits or recalls the message. */
function rowsFor({ role = 'member', message = {}, conversation = group }: Case) {
  const members = [memberOf(conversation, 1), memberOf(conversation, 2, { role }), memberOf(conversation, 3)];
  return { ...rowsOf(conversation, members), messages: new Map([[sent.sequence, { ...sent, ...message }]]) };
}

function codeOf(plan: ReturnType<typeof planEdit>, rows: ReturnType<typeof rowsFor>): string {
  const decision = plan.outcome === 'refused' ? plan : plan.decide(rows);
  return decision.outcome === 'refused' ? decision.code : decision.outcome;
}

function edit(command: Partial<Edit>, given: Case = {}): string {
  const whole: Edit = {
    command: 'edit',
    id: commandId,
    conversation: 7,
    message: name,
    base: 0,
    text: 'second',
    ...command,
  };
  return codeOf(planEdit(whole, { ...context, actor: 2, now: sent.sentAt + (given.after ?? 0) }), rowsFor(given));
}

function recall(given: Case): string {
  const command = { command: 'recall', id: commandId, conversation: 7, message: name } as const;
  return codeOf(planRecall(command, { ...context, actor: 2, now: sent.sentAt + (given.after ?? 0) }), rowsFor(given));
}

describe('planEdit', () => {
  it('an edit is accepted until editMs after sending, and refused a millisecond later', () => {
    expect(edit({}, { after: limits.editMs })).toBe('accepted');
    expect(edit({}, { after: limits.editMs + 1 })).toBe('too_late');
  });

  it('a message can be edited editsMax times and not once more', () => {
    const editedTimes = (count: number): Case => ({ message: { edited: { at: 1_000, modification: 3, count } } });
    expect(edit({ base: 3 }, editedTimes(limits.editsMax - 1))).toBe('accepted');
    expect(edit({ base: 3 }, editedTimes(limits.editsMax))).toBe('too_many');
  });

  it('an edit may mention mentionsMax users and no more', () => {
    const calling = (count: number) => ({
      mentions: { users: Array.from({ length: count }, (_, at) => at), all: false },
    });
    expect(edit(calling(limits.mentionsMax))).toBe('accepted');
    expect(edit(calling(limits.mentionsMax + 1))).toBe('too_many');
  });

  it.each<[string, Message['mentions']]>([
    ['no one', undefined],
    ['one person', { users: [3], all: false }],
    ['everybody', { users: [], all: true }],
  ])(
    '[CH-27.1] editing a message that mentions %s lets only an admin mention all members of a large group',
    (_, mentions) => {
      const all = { mentions: { users: [3], all: true } };
      const message = mentions === undefined ? {} : { mentions };
      expect(edit(all, { message, conversation: large })).toBe('denied');
      expect(edit(all, { message, conversation: large, role: 'admin' })).toBe('accepted');
      expect(edit(all, { message })).toBe('accepted');
    },
  );
});

describe('planRecall', () => {
  it('a recall is accepted until recallMs after sending, and refused a millisecond later', () => {
    expect(recall({ after: limits.recallMs })).toBe('accepted');
    expect(recall({ after: limits.recallMs + 1 })).toBe('too_late');
  });
});
