import type { Conversation, LogHead, Member, Period } from './model.js';

/** Sequences from `low` to `high`, inclusive. */
export type VisibleRange = readonly [low: number, high: number];

/** Returns the open period of a member; `null` for a former member or a stranger. */
export function openPeriod(member: Pick<Member, 'periods'> | null | undefined): Period | null {
  const last = member?.periods.at(-1);
  return last !== undefined && last.to === null ? last : null;
}

/** Returns whether the user is a member now. */
export function isOpen(member: Pick<Member, 'periods'> | null | undefined): boolean {
  return openPeriod(member) !== null;
}

/** Returns whether the user is an open member of a conversation that is not deleted, and so may read and act in it (CH-36). */
export function isMemberOf(
  { deleted }: Pick<Conversation, 'deleted'>,
  member: Pick<Member, 'periods'> | null | undefined,
): boolean {
  return !deleted && isOpen(member);
}

/** Returns whether one of the periods includes the sequence (CH-3). */
export function isWithin(periods: readonly Period[], sequence: number): boolean {
  return periods.some((period) => sequence >= period.from && (period.to === null || sequence <= period.to));
}

/** Returns whether `other`, of the same conversation, was a member at any time since this open member first joined (CH-39). */
export function hasMet(member: Pick<Member, 'periods'>, other: Pick<Member, 'periods'>): boolean {
  const [first] = member.periods;
  const last = other.periods.at(-1);
  return first !== undefined && last !== undefined && (last.to === null || last.to >= first.from);
}

/** Returns whether this open member may see the message at `sequence`. Not meaningful for a former member, who sees nothing. */
export function isVisible(member: Pick<Member, 'periods' | 'cleared'>, sequence: number): boolean {
  return sequence > member.cleared && isWithin(member.periods, sequence);
}

/** Returns the sequences for which `isVisible` holds, as rising spans up to `head`. */
export function visibleSpans(member: Pick<Member, 'periods' | 'cleared'>, head: number): readonly VisibleRange[] {
  const spans: VisibleRange[] = [];
  for (const period of member.periods) {
    const low = Math.max(period.from, member.cleared + 1);
    const high = Math.min(period.to ?? head, head);
    if (low <= high) spans.push([low, high]);
  }
  return spans;
}

/** Returns the head that this member sees: the conversation's, or that of the end of the last period. */
export function headFor(conversation: Conversation, member: Pick<Member, 'periods'>): LogHead {
  const last = member.periods.at(-1);
  if (last === undefined || last.to === null || last.toModification === null) {
    return { sequence: conversation.sequence, modification: conversation.modification };
  }
  return { sequence: last.to, modification: last.toModification };
}
