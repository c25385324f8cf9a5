import { messageRow } from './message-row.js';
import type { Conversation, Entry, Member, Message } from './model.js';
import type { ListPosition } from './store-answers.js';
import { headFor, isOpen } from './visibility.js';

/**
 * Unread by arithmetic (CH-19): others' counting messages above `read`. Own messages are taken off by `sent`, so that
 * sending never has to move `read`.
 */
export function unreadOf(entry: Pick<Entry, 'count' | 'readOrdinal' | 'sent' | 'readSent'>): number {
  return entry.count - entry.readOrdinal - (entry.sent - entry.readSent);
}

/** Sequence of the message that `assembleEntry` wants as the preview, or `null` for none (CH-24). */
export function previewSequence(conversation: Conversation, member: Member): number | null {
  if (!isOpen(member) || conversation.sequence <= member.cleared) return null;
  return conversation.sequence;
}

/** What the list is ordered by: large conversations do not touch their member rows, small ones and stubs carry it themselves (CH-13). */
export function entryActivity(conversation: Conversation, member: Member): number {
  return conversation.large && isOpen(member) ? conversation.activity : member.activity;
}

/** List order: activity falling, then id rising. Negative when `a` comes first. */
export function compareListPositions(a: ListPosition, b: ListPosition): number {
  return b.activity - a.activity || a.conversation - b.conversation;
}

/** The rows that one entry is made of, all of one snapshot. */
export interface EntryRows {
  readonly conversation: Conversation;
  readonly member: Member;
  /** The message at `previewSequence`. */
  readonly preview: Message | null;
  /** The other member of a direct conversation. */
  readonly peer: Member | null;
}

/** The one way an entry is put together, for every adapter (CH-11). */
export function assembleEntry({ conversation, member, preview, peer }: EntryRows): Entry {
  const open = isOpen(member);
  const head = headFor(conversation, member);
  const counters = open
    ? { count: conversation.count, sent: member.sent, readOrdinal: member.readOrdinal, readSent: member.readSent }
    : { count: 0, sent: 0, readOrdinal: 0, readSent: 0 };
  return {
    conversation: conversation.id,
    kind: conversation.kind,
    sequence: head.sequence,
    modification: head.modification,
    revision: member.revision,
    member: open,
    ended: member.ended?.how ?? null,
    role: member.role,
    name: member.ended?.name ?? conversation.name,
    membersAt: open ? conversation.membersAt : head.sequence,
    memberCount: open ? conversation.memberCount : 0,
    large: member.large,
    activity: entryActivity(conversation, member),
    ...counters,
    read: member.read,
    unread: unreadOf(counters),
    mark: member.mark,
    draft: member.draft,
    preview: open && preview !== null ? messageRow(preview) : null,
    peer: peer === null ? null : { user: peer.user, shown: peer.shown, delivered: peer.delivered },
  };
}
