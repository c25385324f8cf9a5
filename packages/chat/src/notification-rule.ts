import type { Conversation, Member, NotificationRule } from './model.js';

/** All rules, in the order in which they are stored (by index) and offered. */
export const notificationRules: readonly NotificationRule[] = ['all', 'mentions', 'none'];

/** Returns the rule in effect: the one that the member chose, or the default of the conversation's kind (CH-41). */
export function notificationRuleOf(
  { kind }: Pick<Conversation, 'kind'>,
  { notify }: Pick<Member, 'notify'>,
): NotificationRule {
  return notify ?? (kind === 'group' || kind === 'channel' ? 'mentions' : 'all');
}
