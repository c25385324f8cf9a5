import type {
  BytesMax,
  Follow,
  FollowedThreadAnswer,
  Member,
  Message,
  Position,
  Rows,
  SearchPosition,
  ThreadsAnswer,
  UserId,
} from '@everywire/chat';
import {
  compareSearchPositions,
  type FollowedThread,
  isMemberOf,
  isVisible,
  searchPosition,
  takeFitting,
  threadEntry,
} from '@everywire/chat/internal';
import type { MemoryConversation, MemoryState } from './memory-tables.js';

/** Loads the thread that the message at `sequence` starts or belongs to, for a change. */
export function loadThread(
  table: MemoryConversation | null,
  sequence: number | null,
  users: readonly UserId[],
): { readonly root: Message | null } & Pick<Rows, 'follows' | 'threadSent'> {
  const named = sequence === null ? undefined : table?.messages[sequence - 1];
  const root = named?.thread === undefined ? named : table?.messages[named.thread.root - 1];
  const follows = new Map<UserId, Follow>();
  const threadSent = new Map<UserId, number>();
  if (root === undefined || table === null) return { root: null, follows, threadSent };
  for (const user of new Set([...users, root.sender])) {
    const follow = table.follows.get(user)?.get(root.sequence);
    if (follow !== undefined) follows.set(user, follow);
    const sent = repliesTo(table, root.sequence).findLast((reply) => reply.sender === user)?.threadSent;
    if (sent !== undefined) threadSent.set(user, sent);
  }
  return { root, follows, threadSent };
}

/** Computes a read position within a thread (CH-19). */
export function positionInThread(table: MemoryConversation, user: UserId, wanted: number, root: number): Position {
  const sequence = Math.min(Math.max(wanted, 0), table.conversation.sequence);
  const read = repliesTo(table, root).filter((reply) => reply.sequence <= sequence);
  const own = read.findLast((reply) => reply.sender === user);
  return { sequence, ordinal: read.at(-1)?.thread?.ordinal ?? 0, senderOrdinal: own?.threadSent ?? 0 };
}

/** Returns the followed threads with the data of a list entry. */
export function followedThreads(table: MemoryConversation, member: Member): readonly FollowedThread[] {
  return [...(table.follows.get(member.user)?.values() ?? [])].map((follow) => ({
    follow,
    count: table.messages[follow.root - 1]?.replies ?? 0,
    hidden: countHidden(table, member.user, follow),
    mentions: mentionsOf(table, member.user, follow).length,
  }));
}

/** Reads followed threads by a full scan and a sort. This is the reference for other stores. */
export function readFollowed(
  { epoch, tables }: MemoryState,
  user: UserId,
  page: {
    readonly after: SearchPosition | null;
    readonly limit: number;
    readonly bytesMax: BytesMax | undefined;
    readonly mentionsShownMax: number;
  },
): ThreadsAnswer {
  const { after, limit, bytesMax, mentionsShownMax } = page;
  const found = [...(tables.conversationsOf.get(user) ?? [])]
    .flatMap((id) => {
      const table = tables.conversations.get(id);
      return table === undefined ? [] : followedIn(table, user, mentionsShownMax);
    })
    .filter(({ last }) => after === null || compareSearchPositions(after, last) < 0)
    .sort((a, b) => compareSearchPositions(a.last, b.last));
  const threads = takeFitting(found.slice(0, limit), bytesMax);
  const last = threads.at(-1);
  const next = last === undefined || found.length === threads.length ? null : searchPosition(last.last);
  return { epoch, threads, next };
}

function followedIn(
  table: MemoryConversation,
  user: UserId,
  mentionsShownMax: number,
): readonly FollowedThreadAnswer[] {
  const member = table.members.get(user)?.member;
  if (member === undefined || !isMemberOf(table.conversation, member)) return [];
  const hidden = hiddenBy(table, user);
  const isSeen = ({ sequence }: Message): boolean => isVisible(member, sequence) && !hidden.has(sequence);
  return followedThreads(table, member).flatMap((thread): readonly FollowedThreadAnswer[] => {
    const last = repliesTo(table, thread.follow.root).findLast(isSeen);
    if (last === undefined) return [];
    const root = table.messages[thread.follow.root - 1];
    const message = root !== undefined && isSeen(root) ? withSeenReplies(table, member, root) : null;
    const mentions = Math.min(thread.mentions, mentionsShownMax + 1);
    return [{ ...threadEntry({ ...thread, mentions }), conversation: table.conversation.id, message, last }];
  });
}

/** Counts the otherwise unread messages above `read` that are hidden or recalled, in one thread, or with root 0 outside of all threads. */
export function countHidden(
  table: MemoryConversation,
  user: UserId,
  { root, read }: { readonly root: number; readonly read: number },
): number {
  const rows = (table.hidden.get(user) ?? []).filter((row) => row.root === root && row.sequence > read);
  const isHidden = (sequence: number): boolean => rows.some((row) => row.sequence === sequence);
  const recalled = table.messages.filter(
    ({ sequence, sender, body, thread }) =>
      body.kind === 'recalled' && sequence > read && (thread?.root ?? 0) === root && sender !== user,
  );
  return rows.filter(({ counts }) => counts).length + recalled.filter(({ sequence }) => !isHidden(sequence)).length;
}

/** Returns the messages above `read` that mention the user, in one thread, or with root 0 outside of all threads (CH-20). */
export function mentionsOf(
  table: MemoryConversation,
  user: UserId,
  { root, read }: { readonly root: number; readonly read: number },
): readonly number[] {
  const calling = table.messages.filter(
    ({ sequence, sender, mentions, thread }) =>
      sequence > read &&
      sender !== user &&
      (thread?.root ?? 0) === root &&
      (mentions?.all === true || mentions?.users.includes(user)),
  );
  return calling.map(({ sequence }) => sequence);
}

/** Returns a message with its replies as this member may see them (CH-21). */
export function withSeenReplies(table: MemoryConversation, member: Member, message: Message): Message {
  const { replies, ...rest } = message;
  if (replies === undefined) return message;
  const seen = repliesTo(table, message.sequence).filter(({ sequence }) => isVisible(member, sequence));
  return seen.length === 0 ? rest : { ...rest, replies: seen.length };
}

/** Returns the sequences of the messages that the user has hidden. */
export function hiddenBy(table: MemoryConversation, user: UserId): ReadonlySet<number> {
  return new Set(table.hidden.get(user)?.map(({ sequence }) => sequence));
}

function repliesTo(table: MemoryConversation, root: number): readonly Message[] {
  return table.messages.filter((message) => message.thread?.root === root);
}
