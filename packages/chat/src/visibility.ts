import type { Conversation, LogHead, Member, Period } from './model.js';

/** Sequences from `low` to `high`, inclusive. */
export type VisibleRange = readonly [low: number, high: number];

/** Returns the open period (the current stay) of a member; `null` for a former member or a user who never was one. */
export function openPeriod(member: Pick<Member, 'periods'> | null | undefined): Period | null {
  const last = member?.periods.at(-1);
  return last !== undefined && last.to === null ? last : null;
}

/** Returns whether the user is a member now. */
export function isOpen(member: Pick<Member, 'periods'> | null | undefined): boolean {
  return openPeriod(member) !== null;
}

/**
 * Returns whether the user is a member now of a conversation that is not deleted. Only then can the user read and act
 * in it (CH-36).
 */
export function isMemberOf(
  { deleted }: Pick<Conversation, 'deleted'>,
  member: Pick<Member, 'periods'> | null | undefined,
): boolean {
  return !deleted && isOpen(member);
}

/** Returns whether one of the periods (stays of a member) includes the sequence (CH-3). */
export function isWithin(periods: readonly Period[], sequence: number): boolean {
  return periods.some((period) => sequence >= period.from && (period.to === null || sequence <= period.to));
}

/**
 * Returns whether the user of row `other` was a member of the same conversation at any time since `member`, a current
 * member, first joined (CH-39).
 */
export function hasMet(member: Pick<Member, 'periods'>, other: Pick<Member, 'periods'>): boolean {
  const [first] = member.periods;
  const last = other.periods.at(-1);
  return first !== undefined && last !== undefined && (last.to === null || last.to >= first.from);
}

/**
 * Returns whether this member may see the message at `sequence`. The member must be a current one, because a former
 * member sees nothing.
 */
export function isVisible(member: Pick<Member, 'periods' | 'cleared'>, sequence: number): boolean {
  return sequence > member.cleared && isWithin(member.periods, sequence);
}

/** Returns the sequences for which `isVisible` is true, as rising spans, up to sequence `head`. */
export function visibleSpans(member: Pick<Member, 'periods' | 'cleared'>, head: number): readonly VisibleRange[] {
  const spans: VisibleRange[] = [];
  for (const period of member.periods) {
    const low = Math.max(period.from, member.cleared + 1);
    const high = Math.min(period.to ?? head, head);
    if (low <= high) spans.push([low, high]);
  }
  return spans;
}

/**
 * Returns the head (last sequence and modification) that this member sees. It is the head of the conversation, or for a
 * former member the head at the end of the last period.
 */
export function headFor(conversation: Conversation, member: Pick<Member, 'periods'>): LogHead {
  const last = member.periods.at(-1);
  if (last === undefined || last.to === null || last.toModification === null) {
    return { sequence: conversation.sequence, modification: conversation.modification };
  }
  return { sequence: last.to, modification: last.toModification };
}
