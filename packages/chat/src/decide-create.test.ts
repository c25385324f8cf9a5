import { expect, it } from 'vitest';
import { planCreateDirect, planCreateGroup } from './decide-create.js';
import { commandId, context, group, memberOf, rowsOf } from './test-rows.js';
import type { CreateDirect } from './wire.js';

// Tests the decisions that create conversations.

/** Decides about a direct conversation of users 1 and 2. @param begins whether it begins with a message */
function createDirect(begins: CreateDirect['begins'], rows = rowsOf(null, [])) {
  const how = begins === undefined ? {} : { begins };
  const plan = planCreateDirect({ command: 'createDirect', id: commandId, peer: 2, ...how }, context);
  return plan.outcome === 'refused' ? plan : plan.decide(rows);
}

it('the first message of a group names its initial members, and none if the creator is alone', () => {
  const bodyOf = (users: readonly number[]) => {
    const plan = planCreateGroup({ command: 'createGroup', id: commandId, name: 'new', users }, context);
    const decision = plan.outcome === 'refused' ? plan : plan.decide(rowsOf(null, []));
    return decision.outcome === 'accepted' ? decision.changes?.append[0]?.body : decision;
  };
  expect(bodyOf([2, 3, 2, 1])).toEqual({ kind: 'service', service: { change: 'created', users: [2, 3] } });
  expect(bodyOf([1])).toEqual({ kind: 'service', service: { change: 'created' } });
});

it('[CH-42] a direct conversation that begins with a message is in no list until then', () => {
  const membersOf = (begins: CreateDirect['begins']) => {
    const decision = createDirect(begins);
    return decision.outcome === 'accepted'
      ? decision.changes?.members.map(({ user, dismissed }) => [user, dismissed])
      : decision;
  };
  expect(membersOf('message')).toEqual([
    [1, 0],
    [2, 0],
  ]);
  expect(membersOf(undefined)).toEqual([
    [1, null],
    [2, null],
  ]);
});

it('[CH-42] a direct conversation with `never` is found but not created', () => {
  expect(createDirect('never')).toEqual({ outcome: 'refused', code: 'not_found' });
  const direct = { ...group, kind: 'direct', directKey: [1, 2] } as const;
  const found = createDirect('never', rowsOf(direct, [memberOf(direct, 1), memberOf(direct, 2)]));
  expect(found).toMatchObject({ outcome: 'accepted', changes: null, result: { conversation: 7 } });
});
