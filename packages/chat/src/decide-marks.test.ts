import { describe, expect, it } from 'vitest';
import type { CommandPlan } from './command-plan.js';
import { planPin, planReact } from './decide-marks.js';
import type { Message, Reaction } from './message.js';
import { commandId, context, group, memberOf, rowsOf } from './test-rows.js';

// Tests the decisions about marks on a message: reactions and pins.

const { limits } = context;
const sent: Message = {
  conversation: 7,
  sequence: 5,
  id: 'b'.repeat(16),
  sender: 1,
  commandId,
  body: { kind: 'text', text: 'first' },
  sentAt: 1_000,
  modification: 0,
  ordinal: 4,
  senderOrdinal: 1,
};
const target = { id: commandId, conversation: 7, message: { sequence: sent.sequence, id: sent.id }, set: true };

/** Returns the changed message or the code of the refusal. @param pins the number of messages that are pinned already */
function decide(plan: CommandPlan, message: Message, pins = 0) {
  const conversation = { ...group, pins };
  const rows = {
    ...rowsOf(conversation, [memberOf(conversation, 1)]),
    messages: new Map([[message.sequence, message]]),
  };
  const decision = plan.outcome === 'refused' ? plan : plan.decide(rows);
  return decision.outcome === 'refused' ? decision.code : decision.changes?.touch[0];
}

/** Returns this many different emojis, each set by this many other users. */
const reactionsOf = (emojis: number, users: number): readonly Reaction[] =>
  Array.from({ length: emojis }, (_, emoji) => ({
    emoji: `emoji ${emoji}`,
    users: Array.from({ length: users }, (_, user) => 100 + user),
  }));

describe('planReact', () => {
  const react = (emoji: string, reactions: readonly Reaction[], set = true) =>
    decide(planReact({ ...target, command: 'react', emoji, set }, context), { ...sent, reactions });

  it('a message takes reactionEmojisMax different emojis and not one more', () => {
    const { reactionEmojisMax: most } = limits;
    expect(react('new', reactionsOf(most - 1, 1))).toMatchObject({ reactions: { length: most } });
    expect(react('new', reactionsOf(most, 1))).toBe('too_many');
    expect(react('emoji 0', reactionsOf(most, 1))).toMatchObject({ reactions: { length: most } });
  });

  it('a message takes reactionsMax reactions and not one more, and one can be removed above the limit', () => {
    const { reactionsMax: most } = limits;
    const last = (users: number) => react('emoji 0', reactionsOf(1, users));
    expect(last(most - 1)).toMatchObject({ reactions: [{ users: { length: most } }] });
    expect(last(most)).toBe('too_many');
    // As many as an earlier limit may have permitted.
    const overfull = [{ emoji: 'emoji 0', users: [1, ...(reactionsOf(1, most + 1)[0]?.users ?? [])] }];
    expect(react('emoji 0', overfull, false)).toMatchObject({ reactions: [{ users: { length: most + 1 } }] });
  });
});

describe('planPin', () => {
  it('a conversation takes pinsMax pinned messages and not one more', () => {
    const pin = (pins: number) => decide(planPin({ ...target, command: 'pin' }, context), sent, pins);
    expect(pin(limits.pinsMax - 1)).toMatchObject({ pinned: { by: 1, at: context.now } });
    expect(pin(limits.pinsMax)).toBe('too_many');
  });
});
