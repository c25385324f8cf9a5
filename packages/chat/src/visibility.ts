import type { Conversation, Head, Member, Period } from './model.js';

/** Sequences from `low` to `high`, both ends included. */
export type Span = readonly [low: number, high: number];

export function openPeriod(member: Pick<Member, 'periods'> | null | undefined): Period | null {
  const last = member?.periods.at(-1);
  return last !== undefined && last.to === null ? last : null;
}

/** A member now, not a former one. */
export function isOpen(member: Pick<Member, 'periods'> | null | undefined): boolean {
  return openPeriod(member) !== null;
}

/** An open member of a conversation that was not deleted: who reads it and acts in it (CH-36). */
export function isMemberOf(
  { deleted }: Pick<Conversation, 'deleted'>,
  member: Pick<Member, 'periods'> | null | undefined,
): boolean {
  return !deleted && isOpen(member);
}

/** Whether one of the periods holds the sequence (CH-3). */
export function isWithin(periods: readonly Period[], sequence: number): boolean {
  return periods.some((period) => sequence >= period.from && (period.to === null || sequence <= period.to));
}

/** Whether `other`, of the same conversation, was a member at any time since this open member first came (CH-39). */
export function hasMet(member: Pick<Member, 'periods'>, other: Pick<Member, 'periods'>): boolean {
  const [first] = member.periods;
  const last = other.periods.at(-1);
  return first !== undefined && last !== undefined && (last.to === null || last.to >= first.from);
}

/** Whether this open member may see the message at `sequence`. A former member sees nothing, whatever this says. */
export function isVisible(member: Pick<Member, 'periods' | 'cleared'>, sequence: number): boolean {
  return sequence > member.cleared && isWithin(member.periods, sequence);
}

/** What `isVisible` holds for, as spans, rising, up to `head`. */
export function visibleSpans(member: Pick<Member, 'periods' | 'cleared'>, head: number): readonly Span[] {
  const spans: Span[] = [];
  for (const period of member.periods) {
    const low = Math.max(period.from, member.cleared + 1);
    const high = Math.min(period.to ?? head, head);
    if (low <= high) spans.push([low, high]);
  }
  return spans;
}

/** The head as this member is told it: the conversation's, or where the last period ended. */
export function headFor(conversation: Conversation, member: Pick<Member, 'periods'>): Head {
  const last = member.periods.at(-1);
  if (last === undefined || last.to === null || last.toModification === null) {
    return { sequence: conversation.sequence, modification: conversation.modification };
  }
  return { sequence: last.to, modification: last.toModification };
}
