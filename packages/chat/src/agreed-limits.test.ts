import { expect, it } from 'vitest';
import { LimitsDifferError, requireAgreement } from './agreed-limits.js';
import { chatLimits } from './limits.js';

// Tests `requireAgreement`: server nodes of one store must have the same values for some limits.

it('a node may join with other values for limits that concern a single node', () => {
  expect(() => requireAgreement(chatLimits, { ...chatLimits, pageRowsMax: 5, presenceLeasesMax: 7 })).not.toThrow();
});

it('the error names each differing limit with both values', () => {
  const asked = { ...chatLimits, smallMembersMax: 300, recallMs: 0, pageRowsMax: 5 };
  const held = { smallMembersMax: chatLimits.smallMembersMax, recallMs: chatLimits.recallMs };
  expect(() => requireAgreement(chatLimits, asked)).toThrow(
    new LimitsDifferError([
      { limit: 'smallMembersMax', held: held.smallMembersMax, asked: 300 },
      { limit: 'recallMs', held: held.recallMs, asked: 0 },
    ]),
  );
  expect(() => requireAgreement(chatLimits, asked)).toThrow(/smallMembersMax is 200 there and 300 here/);
});
