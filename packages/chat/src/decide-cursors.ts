import type { CommandContext } from './command-context.js';
import type { Member } from './model.js';
import type { Notice } from './notice.js';
import { admitMember } from './permission.js';
import type { MemberDecision, MemberRows } from './store.js';
import { openPeriod } from './visibility.js';
import type { Delivered, Done, Read } from './wire.js';

/** What `Store.changeMember` runs, besides the user. */
export interface CursorPlan<Result> {
  readonly conversation: number;
  readonly position: number | null;
  readonly decide: (rows: MemberRows) => MemberDecision<Result, readonly Notice[]>;
}

/** Moves `read` up to the sequence, clamped to the head, never back; what is read is shown to others and was delivered (CH-19, CH-23). */
export function planRead(command: Read, context: Pick<CommandContext, 'actor' | 'now'>): CursorPlan<Done> {
  return {
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
        ...member,
        read: position.sequence,
        readAt: context.now,
        readOrdinal: position.ordinal,
        readSent: position.senderOrdinal,
        shown: Math.max(member.shown, position.sequence),
        delivered: Math.max(member.delivered, position.sequence),
        mark: false,
      });
    },
  };
}

/** Moves `delivered` up to the sequence, clamped to the head. Large conversations do not keep it. */
export function planDelivered(command: Delivered): CursorPlan<Done> {
  return {
    conversation: command.conversation,
    position: command.sequence,
    decide: (rows) => {
      const admitted = admitMember('delivered', rows);
      if (admitted.outcome === 'refused') return admitted;
      const { conversation, member } = admitted;
      const sequence = rows.position?.sequence ?? 0;
      if (conversation.large || sequence <= member.delivered) return unchanged;
      return acceptCursors(rows, member, { ...member, delivered: sequence });
    },
  };
}

const unchanged: MemberDecision<Done, readonly Notice[]> = { outcome: 'accepted', members: [], result: {}, tell: [] };

/** A receipt writes the reader's own row only, and in a direct conversation the peer's revision, whose entry shows it (CH-23). */
function acceptCursors(rows: MemberRows, before: Member, after: Member): MemberDecision<Done, readonly Notice[]> {
  const received = after.shown > before.shown || after.delivered > before.delivered;
  const own = after.read > before.read || after.mark !== before.mark;
  const member = own ? { ...after, revision: after.revision + 1 } : after;
  const peer = received && rows.peer !== null ? { ...rows.peer, revision: rows.peer.revision + 1 } : null;
  const tell: Notice[] = own ? [ownNotice(rows, member)] : [];
  if (peer !== null) tell.push(ownNotice(rows, peer));
  if (received) tell.push(...receiptNotices(rows, member));
  return { outcome: 'accepted', members: peer === null ? [member] : [member, peer], result: {}, tell };
}

function ownNotice({ epoch }: MemberRows, { conversation, user, revision }: Member): Notice {
  return { to: 'users', users: [user], event: { event: 'own', epoch, conversation, revision } };
}

function receiptNotices({ epoch, conversation }: MemberRows, member: Member): readonly Notice[] {
  const period = openPeriod(member);
  if (conversation === null || period === null || conversation.kind === 'direct' || conversation.large) return [];
  const { user, shown, delivered } = member;
  const receipt = { user, shown, delivered, from: period.from };
  return [
    {
      to: 'watchers',
      conversation: conversation.id,
      event: { event: 'receipt', epoch, conversation: conversation.id, membersAt: conversation.membersAt, receipt },
    },
  ];
}
