import { describe, expect, it } from 'vitest';
import type { CommandDecision } from './command-plan.js';
import { planDelivered, planRead } from './decide-cursors.js';
import { planDraft } from './decide-draft.js';
import { checkDecision } from './decision-invariants.js';
import type { Member, Period } from './model.js';
import { planCommand } from './plan-command.js';
import { type Changes, noChanges, type Rows } from './store.js';
import { context, group, memberOf, members, rowsOf } from './test-rows.js';

// Tests `checkDecision`, which checks each decision before it is stored: a decision that violates an invariant (a
// condition that must always hold) is a defect and becomes a refusal.

const conversation = { ...group, sequence: 10, modification: 5 };
/** Member 1, as stored. */
const known = memberOf(conversation, 1, { read: 4, shown: 4, delivered: 4, cleared: 2, revision: 7 });
const rows: Rows = { ...rowsOf(conversation, members), members: new Map([[1, known]]) };

/** A decision with these changes. */
const decisionOf = (changes: Partial<Changes>): CommandDecision => ({
  outcome: 'accepted',
  changes: { ...noChanges, ...changes },
  result: {},
  notices: [],
});
const refused = (invariant: string) => ({ outcome: 'refused', code: 'internal', invariant });
/** A decision that changes these fields of member 1. */
const memberChange = (part: Partial<Member>) => decisionOf({ members: [{ ...known, ...part }] });
const period = (from: number, to: number | null): Period => ({ from, to, toModification: to === null ? null : 0 });
const messageAt = (sequence: number, modification = 0) => ({ sequence, modification }) as Changes['append'][number];

describe('[CM-3.4] a decision that violates an invariant is refused with internal and names the invariant', () => {
  it.each<[string, CommandDecision]>([
    ['the head rises', decisionOf({ conversation: { ...conversation, sequence: 9 } })],
    ['the head rises', decisionOf({ conversation: { ...conversation, modification: 4 } })],
    ['modifications rise to the head', decisionOf({ conversation, touch: [messageAt(3, 6)] })],
    ['sequences have no gap', decisionOf({ conversation: { ...conversation, sequence: 12 }, append: [messageAt(12)] })],
    ['the head is the last sequence', decisionOf({ conversation: { ...conversation, sequence: 11 } })],
    ['the head is the last sequence', decisionOf({ append: [messageAt(11)] })],
    [
      'modifications rise to the head',
      decisionOf({ conversation: { ...conversation, modification: 6 }, touch: [messageAt(3, 7)] }),
    ],
    ['periods are sorted and disjoint', memberChange({ periods: [period(5, 8), period(1, 3)] })],
    ['periods are sorted and disjoint', memberChange({ periods: [period(1, 5), period(5, null)] })],
    ['periods are sorted and disjoint', memberChange({ periods: [period(1, null), period(5, 8)] })],
    ['periods are sorted and disjoint', memberChange({ periods: [period(5, 4)] })],
    ['revisions rise', memberChange({ revision: 6 })],
    ['cursors rise and stay below the head', memberChange({ read: 11 })],
    ['cursors rise and stay below the head', memberChange({ delivered: 3 })],
    ['cursors rise and stay below the head', memberChange({ cleared: 1 })],
  ])('[CM-3.4] checkDecision refuses a decision that violates: %s', (invariant, decision) => {
    expect(checkDecision(rows, decision)).toEqual(refused(invariant));
  });

  it('checkDecision returns a valid decision, a refusal, and one without changes unmodified', () => {
    for (const decision of [
      memberChange({ read: 10, revision: 8, periods: [period(1, 3), period(4, 6), period(7, null)] }),
      decisionOf({ conversation: { ...conversation, sequence: 12 }, append: [messageAt(11), messageAt(12)] }),
      decisionOf({ conversation: { ...conversation, modification: 6 }, touch: [messageAt(3, 6)] }),
      { outcome: 'refused', code: 'denied' } as const,
      { outcome: 'accepted', changes: null, result: {}, notices: [] } as const,
    ])
      expect(checkDecision(rows, decision)).toBe(decision);
  });

  it('decisions about cursors and drafts are checked', () => {
    const disordered = { ...known, periods: [period(5, 8), period(1, null)] };
    const memberRows = { epoch: 'e', conversation, peer: null, receipts: true, follow: null };
    const position = { sequence: 10, ordinal: 8, senderOrdinal: 0 };
    const place = { conversation: 7, i: 0 };
    for (const plan of [
      planRead({ ...place, command: 'read', sequence: 10 }, context),
      planDelivered({ ...place, command: 'delivered', sequence: 10 }, context),
      planDraft({ ...place, command: 'draft', text: 'a', base: known.draft.revision }),
    ]) {
      const sound = plan.decide({ ...memberRows, position, member: { ...known, periods: [period(1, null)] } });
      expect(sound.outcome).toBe('accepted');
      const decision = plan.decide({ ...memberRows, position, member: disordered });
      expect(decision).toEqual(refused('periods are sorted and disjoint'));
    }
  });

  it('decisions of every command are checked', () => {
    const plan = planCommand({ command: 'mark', id: 'c'.repeat(32), conversation: 7, marked: true }, context);
    if (plan.outcome === 'refused') throw new Error(plan.code);
    const broken = memberOf(group, context.actor, { periods: [period(5, 8), period(1, null)] });
    const decision = plan.decide({ ...rowsOf(group, members), members: new Map([[context.actor, broken]]) });
    expect(decision).toEqual(refused('periods are sorted and disjoint'));
  });
});
