import type { CommandContext } from './command-context.js';
import { checkMemberDecision } from './decision-invariants.js';
import type { Member } from './model.js';
import type { Notice } from './notice.js';
import { admitMember } from './permission.js';
import type { MemberDecision, MemberRows } from './store.js';
import { openPeriod } from './visibility.js';
import type { Done } from './wire.js';
import type { Delivered, Read } from './wire-cursors.js';

/** A planned change of the user's own read or delivery position, for `Store.changeMember`. */
export interface CursorPlan<Result> {
  readonly conversation: number;
  readonly position: number | null;
  readonly thread?: number;
  readonly decide: (rows: MemberRows) => MemberDecision<Result, readonly Notice[]>;
}

/** Returns the plan with a check of the invariants of each decision. A decision that violates them is refused. */
export function checkedPlan<Result>(plan: CursorPlan<Result>): CursorPlan<Result> {
  return { ...plan, decide: (rows) => checkMemberDecision(rows, plan.decide(rows)) };
}

/**
 * Plans to move the read position to the sequence, but not beyond the head and never back. Other members then see the
 * message as read, unless the user has disabled that. It is also marked as delivered (CH-19, CH-23).
 */
export function planRead(command: Read, context: Pick<CommandContext, 'actor' | 'now'>): CursorPlan<Done> {
  if (command.thread !== undefined) return checkedPlan(planReadThread(command, command.thread));
  const plan: CursorPlan<Done> = {
    conversation: command.conversation,
    position: command.sequence,
    decide: (rows) => {
      const admitted = admitMember('read', rows);
      if (admitted.outcome === 'refused') return admitted;
      const { member } = admitted;
      const position = rows.position;
      const further = position !== null && position.sequence > member.read;
      if (!further) return member.mark ? acceptCursors(rows, member, { ...member, mark: false }) : unchanged;
      return acceptCursors(rows, member, {
        ...reach(member, rows.receipts, position.sequence, context.now),
        read: position.sequence,
        readAt: context.now,
        readOrdinal: position.ordinal,
        readSent: position.senderOrdinal,
        mark: false,
      });
    },
  };
  return checkedPlan(plan);
}

/**
 * Moves `delivered`, and `shown`, which others see as the read position. If the reader has disabled receipts, `shown`
 * does not move (CH-23).
 */
function reach(member: Member, receipts: boolean, sequence: number, now: number): Member {
  const [shown, delivered] = [receipts && sequence > member.shown, sequence > member.delivered];
  return {
    ...member,
    ...(shown && { shown: sequence, shownAt: now }),
    ...(delivered && { delivered: sequence, deliveredAt: now }),
  };
}

/**
 * Plans to move the read position of one thread. The read position of the conversation does not move, and no other user
 * is notified (CH-21).
 */
function planReadThread(command: Read, thread: number): CursorPlan<Done> {
  return {
    conversation: command.conversation,
    position: command.sequence,
    thread,
    decide: (rows) => {
      const admitted = admitMember('read', rows);
      if (admitted.outcome === 'refused') return admitted;
      const { follow, position } = rows;
      if (follow === null || position === null || position.sequence <= follow.read) return unchanged;
      const member = { ...admitted.member, revision: admitted.member.revision + 1 };
      const { sequence, ordinal, senderOrdinal } = position;
      return {
        outcome: 'accepted',
        members: [member],
        follow: { ...follow, read: sequence, readOrdinal: ordinal, readSent: senderOrdinal },
        result: {},
        notices: [ownNotice(rows, member)],
      };
    },
  };
}

/**
 * Plans to move `delivered` to the sequence, but not beyond the head and never back. No-op for large conversations,
 * which do not store it.
 */
export function planDelivered(command: Delivered, { now }: Pick<CommandContext, 'now'>): CursorPlan<Done> {
  const plan: CursorPlan<Done> = {
    conversation: command.conversation,
    position: command.sequence,
    decide: (rows) => {
      const admitted = admitMember('delivered', rows);
      if (admitted.outcome === 'refused') return admitted;
      const { conversation, member } = admitted;
      const sequence = rows.position?.sequence ?? 0;
      if (conversation.large || sequence <= member.delivered) return unchanged;
      return acceptCursors(rows, member, { ...member, delivered: sequence, deliveredAt: now });
    },
  };
  return checkedPlan(plan);
}

const unchanged: MemberDecision<Done, readonly Notice[]> = {
  outcome: 'accepted',
  members: [],
  result: {},
  notices: [],
};

/**
 * Accepts a change of positions. Writes the reader's own row. In a direct conversation, also raises the revision of the
 * peer, whose entry shows the receipt (CH-23).
 */
function acceptCursors(rows: MemberRows, before: Member, after: Member): MemberDecision<Done, readonly Notice[]> {
  const received = after.shown > before.shown || after.delivered > before.delivered;
  const own = after.read > before.read || after.mark !== before.mark;
  const member = own ? { ...after, revision: after.revision + 1 } : after;
  const peer = received && rows.peer !== null ? { ...rows.peer, revision: rows.peer.revision + 1 } : null;
  const notices: Notice[] = own ? [ownNotice(rows, member)] : [];
  if (peer !== null) notices.push(ownNotice(rows, peer));
  if (received) notices.push(...receiptNotices(rows, member));
  return { outcome: 'accepted', members: peer === null ? [member] : [member, peer], result: {}, notices };
}

function ownNotice({ epoch }: MemberRows, { conversation, user, revision }: Member): Notice {
  return { to: 'users', users: [user], event: { event: 'own', epoch, conversation, revision } };
}

/**
 * Returns the notice of a changed receipt for those who watch the conversation. There is none in a direct conversation,
 * where the peer's entry shows it, or in a large one, which has no receipts of single members.
 */
function receiptNotices({ epoch, conversation }: MemberRows, member: Member): readonly Notice[] {
  const period = openPeriod(member);
  if (conversation === null || period === null || conversation.kind === 'direct' || conversation.large) return [];
  const { user, shown, shownAt, delivered, deliveredAt } = member;
  const receipt = { user, shown, shownAt, delivered, deliveredAt, from: period.from };
  return [
    {
      to: 'watchers',
      conversation: conversation.id,
      event: { event: 'receipt', epoch, conversation: conversation.id, membersAt: conversation.membersAt, receipt },
    },
  ];
}
