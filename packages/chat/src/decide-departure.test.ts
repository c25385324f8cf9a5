import { expect, it } from 'vitest';
import { planEraseText, planEraseUnseen } from './decide-departure.js';
import type { Message } from './message.js';
import type { Rows } from './store.js';
import { commandId, context, group, memberOf, rowsOf } from './test-rows.js';

// Tests the decisions that erase the conversations and texts of a deleted account.

const refused = (invariant: string) => ({ outcome: 'refused', code: 'internal', invariant });
const erasing = { ...context, actor: 1, commandId };

it('[CM-3.4] deleting an empty group with an invariant violation is refused with internal', () => {
  const ended = { how: 'left', name: 'Reading' } as const;
  const former = { ...memberOf(group, 1), ended: { ...memberOf(group, 1).ended, ...ended } } as ReturnType<
    typeof memberOf
  >;
  const empty = { ...group, memberCount: 0 };
  const decide = (periods: typeof former.periods) => {
    const plan = planEraseUnseen(group.id, erasing);
    if (plan.outcome === 'refused') throw new Error(plan.code);
    return plan.decide(rowsOf(empty, [{ ...former, periods }]));
  };
  const period = (from: number, to: number) => ({ from, to, toModification: 0 });
  expect(decide([period(1, 2)])).toMatchObject({ outcome: 'accepted', changes: { conversation: { deleted: true } } });
  expect(decide([period(2, 3), period(1, 2)])).toEqual(refused('periods are sorted and disjoint'));
});

it('[CM-3.4] recalling a text of a deleted account with an invariant violation is refused with internal', () => {
  const text = { kind: 'text', text: 'mine' } as const;
  const name = { sequence: 1, id: '0123456789abcdef0123456789abcdef' };
  const decide = (modification: number) => {
    const message = { ...name, conversation: group.id, sender: 1, body: text, modification } as unknown as Message;
    const rows: Rows = { ...rowsOf(group, [memberOf(group, 1)]), messages: new Map([[1, message]]) };
    const plan = planEraseText(group.id, name, erasing);
    if (plan.outcome === 'refused') throw new Error(plan.code);
    return plan.decide(rows);
  };
  expect(decide(0)).toMatchObject({ outcome: 'accepted' });
  expect(decide(group.modification + 5)).toEqual(refused('modifications rise to the head'));
});
