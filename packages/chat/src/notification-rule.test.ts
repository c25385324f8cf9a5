import { expect, test } from 'vitest';
import { notificationRuleOf } from './notification-rule.js';

test('[CH-41.1] the default rule is mentions in groups and channels and all elsewhere, and a chosen rule overrides it', () => {
  const kinds = ['direct', 'group', 'channel', 'notes'] as const;
  expect(kinds.map((kind) => notificationRuleOf({ kind }, { notify: null }))).toEqual([
    ...['all', 'mentions', 'mentions', 'all'],
  ]);
  expect(kinds.map((kind) => notificationRuleOf({ kind }, { notify: 'none' }))).toEqual(kinds.map(() => 'none'));
});
