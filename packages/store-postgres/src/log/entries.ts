import type { ChatLimits, Conversation, ConversationId, Entry, Follow, Member, Message, UserId } from '@everywire/chat';
import {
  assembleEntry,
  type FollowedThread,
  isMemberOf,
  unreadOf,
  type VisibleRange,
  visibleSpans,
} from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { peerOf } from './conversation-row.js';
import { type FollowRow, parseFollow } from './follow-row.js';
import { type MemberRow, parseMember } from './member-row.js';
import { type MessageColumns, parseMessage } from './message-columns.js';
import { findConversations } from './open-member.js';

/** $1 conversations, $2 the user. Finds the member rows of the user, and of the other user of direct conversations. */
const MEMBERS = `
  SELECT m.*, i.activity, i.large FROM conversation c
    JOIN member m ON m.conversation = c.id AND (m.usr = $2::int8 OR c.direct_smaller IS NOT NULL)
    JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr
  WHERE c.id = ANY($1::int8[])`;

/**
 * $1 to $3 spans (a conversation, the lowest and the highest sequence), $4 the user. Finds, per span, the newest
 * message outside threads that the user has not hidden.
 */
const PREVIEWS = `
  SELECT x.* FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS s(conversation, low, high)
    CROSS JOIN LATERAL (
      SELECT * FROM message m WHERE m.conversation = s.conversation AND m.sequence BETWEEN s.low AND s.high AND m.root IS NULL
        AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.conversation = m.conversation AND h.usr = $4::int8 AND h.sequence = m.sequence)
      ORDER BY m.sequence DESC LIMIT 1
    ) AS x`;

/** $1 conversations, $2 the user. Finds the user's cursors in followed threads, with the number of replies. */
const FOLLOWS = `
  SELECT f.*, coalesce(m.replies, 0) AS count FROM follow f
    JOIN message m ON m.conversation = f.conversation AND m.sequence = f.root
  WHERE f.conversation = ANY($1::int8[]) AND f.usr = $2::int8 ORDER BY f.root DESC`;

/**
 * $1 to $3 places (a conversation, a root, the cursor `read`), $4 the user, $5 the limit of sequences. A place is a
 * thread, or with root 0 the messages outside of threads. For each place, counts the messages above `read` that do not
 * count as unread because the user hid them or because they were recalled, and finds those that mention the user.
 */
const ABOVE = `
  SELECT p.conversation, p.root,
    (SELECT count(*) FROM hidden h WHERE h.conversation = p.conversation AND h.usr = $4::int8 AND h.sequence > p.read
      AND h.root = p.root AND h.counts)
    + (SELECT count(*) FROM message m WHERE m.conversation = p.conversation AND m.kind = 2 AND m.sequence > p.read AND m.sender <> $4::int8
      AND coalesce(m.root, 0) = p.root AND NOT EXISTS (
        SELECT 1 FROM hidden h WHERE h.conversation = m.conversation AND h.usr = $4::int8 AND h.sequence = m.sequence)) AS hidden,
    ARRAY(SELECT DISTINCT c.sequence FROM mention c WHERE c.conversation = p.conversation AND c.usr IN (0, $4::int8) AND c.root = p.root
      AND c.sequence > p.read AND c.sender <> $4::int8 ORDER BY c.sequence LIMIT $5::int8) AS mentions
  FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS p(conversation, root, read)`;

/** The part of a place above the cursor `read`. */
interface Above {
  readonly conversation: number;
  readonly root: number;
  /** The number of other users' messages that the user hid or that were recalled. */
  readonly hidden: number;
  /** The sequences of other users' messages that mention the user. */
  readonly mentions: readonly number[];
}

/** A place with its own unread count: a thread, or with root 0 the messages outside of threads. */
interface ReadPlace {
  readonly conversation: ConversationId;
  readonly root: number;
  readonly read: number;
}

type EntryLimits = Pick<ChatLimits, 'previewStepsMax' | 'mentionsShownMax' | 'entryThreadsMax'>;

/**
 * Reads the entries of a user's list (conversation, preview, unread counts) for conversations that the user is or was a
 * member of, in the given order. Omits other conversations. Takes six statements in two round trips.
 */
export async function readEntries(
  at: Queries,
  user: UserId,
  ids: readonly ConversationId[],
  limits: EntryLimits,
): Promise<readonly Entry[]> {
  if (ids.length === 0) return [];
  const [found, memberRows, follows] = await Promise.all([
    findConversations(at, ids),
    at.query<MemberRow>(MEMBERS, [ids, user]),
    at.query<FollowRow & { readonly count: number }>(FOLLOWS, [ids, user]),
  ]);
  const conversations = new Map(found.map((row) => [row.id, row]));
  const members = memberRows.map(parseMember);
  const own = new Map(members.filter((member) => member.user === user).map((member) => [member.conversation, member]));
  const others = new Map(
    members.filter((member) => member.user !== user).map((member) => [member.conversation, member]),
  );
  const unread = follows.map((row) => ({ follow: parseFollow(row), count: row.count })).filter(hasUnread);
  const places = [...placesOf(own), ...unread.map(({ follow }) => follow)];
  const [previews, above, blocked] = await Promise.all([
    readPreviews(at, user, { conversations, own }, limits.previewStepsMax),
    readAbove(at, user, places, limits.mentionsShownMax + 1),
    readBlocked(at, user, [...others.values()]),
  ]);
  return ids.flatMap((id) => {
    const [conversation, member] = [conversations.get(id), own.get(id)];
    if (conversation === undefined || member === undefined) return [];
    const peer = peerOf(conversation, user) === null ? null : (others.get(id) ?? null);
    const { hidden, mentions } = above(id, 0);
    const threads = unread
      .filter(({ follow }) => follow.conversation === id)
      .map(({ follow, count }): FollowedThread => {
        const inThread = above(id, follow.root);
        return { follow, count, hidden: inThread.hidden, mentions: inThread.mentions.length };
      });
    const rows = { conversation, member, peer, threads, preview: previews.get(id) ?? null };
    return [assembleEntry({ ...rows, hidden, mentions, blocked: peer !== null && blocked.has(peer.user) }, limits)];
  });
}

/** Returns whether a thread has unread replies; otherwise its entry needs no further rows. */
function hasUnread({ follow, count }: { readonly follow: Follow; readonly count: number }): boolean {
  return unreadOf({ ...follow, count, hidden: 0 }) > 0;
}

function placesOf(own: ReadonlyMap<ConversationId, Member>): readonly ReadPlace[] {
  return [...own].map(([conversation, { read }]) => ({ conversation, root: 0, read }));
}

async function readPreviews(
  at: Queries,
  user: UserId,
  {
    conversations,
    own,
  }: {
    readonly conversations: ReadonlyMap<ConversationId, Conversation>;
    readonly own: ReadonlyMap<ConversationId, Member>;
  },
  steps: number,
): Promise<ReadonlyMap<ConversationId, Message>> {
  const spans = [...own.values()].flatMap((member) => {
    const conversation = conversations.get(member.conversation);
    if (conversation === undefined || !isMemberOf(conversation, member)) return [];
    const lowest = Math.max(1, conversation.sequence - steps + 1);
    return visibleSpans(member, conversation.sequence)
      .filter(([, high]) => high >= lowest)
      .map(([low, high]): readonly [ConversationId, VisibleRange] => [conversation.id, [Math.max(low, lowest), high]]);
  });
  const arrays = [spans.map(([id]) => id), spans.map(([, [low]]) => low), spans.map(([, [, high]]) => high)];
  const found = new Map<ConversationId, Message>();
  for (const row of await at.query<MessageColumns>(PREVIEWS, [...arrays, user])) {
    const known = found.get(row.conversation);
    if (known === undefined || known.sequence < row.sequence) found.set(row.conversation, parseMessage(row));
  }
  return found;
}

/**
 * Reads the hidden messages and mentions above `read` in each place; returns a function that finds those of a place.
 */
export async function readAbove(
  at: Queries,
  user: UserId,
  places: readonly ReadPlace[],
  most: number,
): Promise<(conversation: ConversationId, root: number) => Pick<Above, 'hidden' | 'mentions'>> {
  const arrays = [
    places.map(({ conversation }) => conversation),
    places.map(({ root }) => root),
    places.map(({ read }) => read),
  ];
  const rows = await at.query<Above>(ABOVE, [...arrays, user, most]);
  const found = new Map(rows.map((row) => [nameOf(row.conversation, row.root), row]));
  return (conversation, root) => found.get(nameOf(conversation, root)) ?? { hidden: 0, mentions: [] };
}

/** Returns those of the other users whom the user blocks. */
async function readBlocked(at: Queries, user: UserId, others: readonly Member[]): Promise<ReadonlySet<UserId>> {
  const rows = await at.query<{ readonly blocked: number }>(
    'SELECT blocked FROM block WHERE usr = $1::int8 AND blocked = ANY($2::int8[])',
    [user, others.map((member) => member.user)],
  );
  return new Set(rows.map(({ blocked }) => blocked));
}

function nameOf(conversation: ConversationId, root: number): string {
  return `${conversation} ${root}`;
}
