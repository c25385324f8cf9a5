import { groupSettings } from './group-settings.js';
import type { ChatLimits } from './limits.js';
import type { Message } from './message.js';
import { messageRow } from './message-row.js';
import type { Conversation, Follow, Member, MemberPlace } from './model.js';
import { notificationRuleOf } from './notification-rule.js';
import type { ListPosition } from './store-answers.js';
import type { Entry, Peer, ThreadEntry } from './views.js';
import { headFor, isMemberOf, isOpen, isVisible } from './visibility.js';

/**
 * Returns the number of unread messages: the messages of others above the read position that count (CH-19). Computes it
 * from counters instead of counting rows. Own messages are subtracted by their own counters, so that sending a message
 * need not move the read position. Hidden and recalled messages are subtracted too. Works for a conversation, or for a
 * thread with its own counters.
 */
export function unreadOf(counters: Pick<Entry, 'count' | 'readOrdinal' | 'sent' | 'readSent' | 'hidden'>): number {
  return counters.count - counters.readOrdinal - (counters.sent - counters.readSent) - counters.hidden;
}

/**
 * Returns the message that the list shows as the preview of a conversation (see `assembleEntry`); `null` if there is
 * none (CH-24). Examines messages from the newest back, at most `stepsMax`; nearly always the first one is the result.
 */
export function findPreview(
  conversation: Conversation,
  member: Member,
  log: {
    readonly get: (sequence: number) => Message | null;
    readonly isHidden: (sequence: number) => boolean;
    readonly stepsMax: number;
  },
): Message | null {
  if (!isMemberOf(conversation, member)) return null;
  const lowest = Math.max(1, conversation.sequence - log.stepsMax + 1);
  for (let sequence = conversation.sequence; sequence >= lowest; sequence -= 1) {
    if (!isVisible(member, sequence)) continue;
    const message = log.get(sequence);
    if (message === null || message.thread !== undefined) continue;
    if (member.hiddenAt === 0 || !log.isHidden(sequence)) return message;
  }
  return null;
}

/**
 * Returns the activity that orders the list. For an open member of a large conversation, it is that of the
 * conversation, because member rows are not updated then; otherwise that of the member row (CH-13).
 */
export function entryActivity(conversation: Conversation, member: Member): number {
  return conversation.large && isOpen(member) ? conversation.activity : member.activity;
}

/** Rank of a place in the list. A conversation with a higher rank comes first, whatever its activity (CH-24). */
export const placeRank: { readonly [Each in MemberPlace]: number } = { pinned: 1, normal: 0, archived: -1 };

/** Compares in list order: pinned, normal, archived; then falling activity; then rising id. Negative if `a` comes first. */
export function compareListPositions(a: ListPosition, b: ListPosition): number {
  return placeRank[b.place] - placeRank[a.place] || b.activity - a.activity || a.conversation - b.conversation;
}

/**
 * Returns whether the member dismissed the conversation (removed it from the list) and no message that counts has
 * arrived since. For a former member, new messages do not matter.
 */
export function isDismissed(
  { count }: Pick<Conversation, 'count'>,
  member: Pick<Member, 'dismissed' | 'periods'>,
): boolean {
  return member.dismissed !== null && (!isOpen(member) || count <= member.dismissed);
}

/** The rows of one entry, all from one snapshot. */
export interface EntryRows {
  readonly conversation: Conversation;
  readonly member: Member;
  /** The result of `findPreview`. */
  readonly preview: Message | null;
  /** The other member of a direct conversation. */
  readonly peer: Member | null;
  /** Whether the member blocks the peer. */
  readonly blocked: boolean;
  /**
   * Number of messages of others above `read`, outside threads, that count as unread but are recalled or hidden by the
   * member.
   */
  readonly hidden: number;
  /**
   * Sequences, rising, of messages of others above `read`, outside threads, that mention the member. At most
   * `mentionsShownMax` + 1.
   */
  readonly mentions: readonly number[];
  readonly threads: readonly FollowedThread[];
}

/** A thread that a member follows. */
export interface FollowedThread {
  readonly follow: Follow;
  /** Number of all replies to the root. */
  readonly count: number;
  /** Like `EntryRows.hidden`, but within the thread and above the follow's `read`. */
  readonly hidden: number;
  readonly mentions: number;
}

const noRows = { hidden: 0, mentions: [], threads: [] } as const;

/** Returns the entry of a followed thread. */
export function threadEntry({ follow, count, hidden, mentions }: FollowedThread): ThreadEntry {
  return { root: follow.root, unread: unreadOf({ ...follow, count, hidden }), mentions };
}

function threadEntries(threads: readonly FollowedThread[], max: number): Pick<Entry, 'threads' | 'threadsUnread'> {
  const entries = threads
    .map(threadEntry)
    .filter(({ unread }) => unread > 0)
    .sort((a, b) => b.root - a.root);
  return {
    threads: entries.slice(0, max),
    threadsUnread: entries.reduce((sum, { unread }) => sum + unread, 0),
  };
}

/**
 * Assembles an entry. Every adapter (implementation of `Store`) must use this, so that entries are the same everywhere
 * (CH-11). The entry of a former member omits everything that only members see.
 */
export function assembleEntry(rows: EntryRows, limits: Pick<ChatLimits, 'entryThreadsMax'>): Entry {
  const { conversation, member, preview, peer } = rows;
  const open = isMemberOf(conversation, member);
  const ended = howEnded(conversation, member);
  const { hidden, mentions, threads } = open ? rows : noRows;
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
    ended,
    role: open ? member.role : 'member',
    name: member.ended?.name ?? conversation.name,
    picture: open ? conversation.picture : null,
    settings: open ? conversation.settings : groupSettings,
    membersAt: open ? conversation.membersAt : head.sequence,
    memberCount: open ? conversation.memberCount : 0,
    large: member.large,
    activity: entryActivity(conversation, member),
    ...counters,
    read: member.read,
    hidden,
    unread: unreadOf({ ...counters, hidden }),
    mentions: mentions.length,
    mentionAt: mentions[0] ?? null,
    ...threadEntries(threads, limits.entryThreadsMax),
    pinsAt: open ? conversation.pinsAt : 0,
    hiddenAt: open ? member.hiddenAt : 0,
    cleared: member.cleared,
    mark: open && member.mark,
    place: member.place,
    mute: member.mute,
    notify: notificationRuleOf(conversation, member),
    blocked: rows.blocked,
    dismissed: isDismissed(conversation, member),
    draft: draftOf(member, ended),
    preview: open && preview !== null ? messageRow(preview) : null,
    peer: peer === null ? null : peerOf(peer),
  };
}

/** Returns the draft. It is empty in a deleted conversation, where it was removed with everything else (CH-36). */
function draftOf({ draft }: Member, ended: Entry['ended']): Entry['draft'] {
  return ended === 'deleted' ? { ...draft, text: '' } : draft;
}

function howEnded({ deleted }: Conversation, member: Member): Entry['ended'] {
  return deleted && isOpen(member) ? 'deleted' : (member.ended?.how ?? null);
}

function peerOf({ user, shown, shownAt, delivered, deliveredAt }: Member): Peer {
  return { user, shown, shownAt, delivered, deliveredAt };
}
