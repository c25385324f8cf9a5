import type { Epoch, Follow, Member, MemberChangeRequest, MemberRows, Position, UserId } from '@everywire/chat';
import { type ConversationRow, parseConversation, peerOf } from './conversation-row.js';
import { type FollowRow, parseFollow } from './follow-row.js';
import type { SentStatement, StatementResult } from './lane-connection.js';
import { type MemberRow, parseMember } from './member-row.js';

/** A change of members' own rows, such as a read cursor or a draft, by any command. */
export type AnyMemberChange = MemberChangeRequest<unknown, unknown>;

/**
 * $1, $2 conversations and users. Locks and reads the rows of these members, and of the other user of direct
 * conversations, in the order of their keys, so that two groups cannot deadlock. The caller must read the conversations
 * afterwards; otherwise the `count` of a conversation could miss a message that the locked row already counts.
 */
const LOCK_MEMBERS = `
  WITH pair AS (
    SELECT a.conversation, a.usr FROM unnest($1::int8[], $2::int8[]) AS a(conversation, usr)
    UNION
    SELECT c.id, CASE a.usr WHEN c.direct_smaller THEN c.direct_larger ELSE c.direct_smaller END
    FROM unnest($1::int8[], $2::int8[]) AS a(conversation, usr) JOIN conversation c ON c.id = a.conversation AND c.direct_smaller IS NOT NULL
  )
  SELECT m.*, i.activity, i.large FROM pair p
    JOIN member m ON m.conversation = p.conversation AND m.usr = p.usr
    JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr
  ORDER BY m.conversation, m.usr FOR NO KEY UPDATE OF m`;

/**
 * $1, $2 conversations and users; $3 the requested sequence or NULL; $4 the root of a thread or NULL. Reads the
 * conversation, and the numbers of counting messages up to the sequence, of all senders and of the user (CH-19).
 */
const PLACES = `
  WITH asked AS (
    SELECT a.*, c.*, greatest(0, least(a.wanted, c.sequence)) AS at_sequence
    FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) WITH ORDINALITY AS a(conversation, usr, wanted, root, at)
      JOIN conversation c ON c.id = a.conversation
  )
  SELECT a.*,
    coalesce((SELECT p.receipts FROM person p WHERE p.usr = a.usr), true) AS receipts,
    CASE WHEN a.root IS NULL THEN m.ordinal ELSE
      (SELECT t.thread_ordinal FROM message t WHERE t.conversation = a.id AND t.root = a.root AND t.root IS NOT NULL
        AND t.sequence <= a.at_sequence ORDER BY t.sequence DESC LIMIT 1) END AS ordinal,
    CASE WHEN a.root IS NOT NULL THEN
      (SELECT t.thread_sent FROM message t WHERE t.conversation = a.id AND t.root = a.root AND t.root IS NOT NULL AND t.sender = a.usr
        AND t.sequence <= a.at_sequence ORDER BY t.sequence DESC LIMIT 1)
      WHEN m.sender = a.usr THEN m.sender_ordinal
      WHEN m.of_two THEN m.ordinal - m.sender_ordinal
      ELSE (SELECT o.sender_ordinal FROM message o WHERE o.conversation = a.id AND o.sender = a.usr AND o.sequence <= a.at_sequence
        AND NOT o.of_two ORDER BY o.sequence DESC LIMIT 1) END AS sender_ordinal
  FROM asked a LEFT JOIN message m ON m.conversation = a.id AND m.sequence = a.at_sequence`;

const FOLLOWS = `SELECT f.* FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS a(conversation, usr, root)
  JOIN follow f ON f.conversation = a.conversation AND f.usr = a.usr AND f.root = a.root`;

/** $1 users. Finds those whose accounts are suspended or deleted. */
const INACTIVE = `SELECT id FROM account WHERE id = ANY($1::int8[]) AND state <> 0`;

/** Returns the statements that lock and read the rows which a group of changes of members needs. */
export function loadMembersOf(group: readonly AnyMemberChange[]): readonly SentStatement[] {
  const conversations = group.map(({ conversation }) => conversation);
  const users = group.map(({ user }) => user);
  const positions = group.map(({ position }) => position);
  const threads = group.map(({ thread }) => thread ?? null);
  const inThreads = group.filter(({ thread }) => thread !== undefined);
  return [
    { text: LOCK_MEMBERS, values: [conversations, users] },
    { text: PLACES, values: [conversations, users, positions, threads] },
    {
      text: FOLLOWS,
      values: [
        inThreads.map(({ conversation }) => conversation),
        inThreads.map(({ user }) => user),
        inThreads.map(({ thread }) => thread),
      ],
    },
    { text: INACTIVE, values: [users] },
  ];
}

interface PlaceRow extends ConversationRow {
  /** The index of the change in the group, from 1. */
  readonly at: number;
  /** Whether the user lets others see what the user has read. */
  readonly receipts: boolean;
  /** The requested sequence, limited to the conversation's last one. */
  readonly at_sequence: number;
  readonly ordinal: number | null;
  readonly sender_ordinal: number | null;
}

/** The rows on which changes of members decide. Each change sees the writes of earlier changes of the group. */
export class MemberGroupRows {
  readonly #members: Map<string, Member>;
  readonly #places: ReadonlyMap<number, PlaceRow>;
  readonly #follows: Map<string, Follow>;
  readonly #inactive: ReadonlySet<UserId>;
  readonly #written = new Set<string>();
  readonly #followed = new Set<string>();

  constructor(answers: readonly StatementResult[]) {
    const [members = [], places = [], follows = [], inactive = []] = answers.map(({ rows }) => rows);
    this.#members = new Map(
      (members as MemberRow[]).map((row) => [nameOf(row.conversation, row.usr), parseMember(row)]),
    );
    this.#places = new Map((places as PlaceRow[]).map((row) => [row.at, row]));
    this.#follows = new Map(
      (follows as FollowRow[]).map((row) => [nameOf(row.conversation, row.usr, row.root), parseFollow(row)]),
    );
    this.#inactive = new Set((inactive as { readonly id: number }[]).map(({ id }) => id));
  }

  isActive(user: UserId): boolean {
    return !this.#inactive.has(user);
  }

  /** Returns the rows of a change; `at` is its index in the group, from 0. */
  of({ conversation: id, user, position, thread }: AnyMemberChange, at: number, epoch: Epoch): MemberRows {
    const place = this.#places.get(at + 1);
    const conversation = place === undefined ? null : parseConversation(place);
    const member = this.#members.get(nameOf(id, user)) ?? null;
    const peer = conversation === null ? null : peerOf(conversation, user);
    return {
      epoch,
      conversation,
      member,
      peer: peer === null ? null : (this.#members.get(nameOf(id, peer)) ?? null),
      receipts: place?.receipts ?? true,
      position: position === null || member === null || place === undefined ? null : positionOf(place),
      follow: thread === undefined ? null : (this.#follows.get(nameOf(id, user, thread)) ?? null),
    };
  }

  /** Records the writes of a change, so that later changes of the group see them. */
  write(members: readonly Member[], follow: Follow | undefined): void {
    for (const member of members) {
      this.#members.set(nameOf(member.conversation, member.user), member);
      this.#written.add(nameOf(member.conversation, member.user));
    }
    if (follow === undefined) return;
    this.#follows.set(nameOf(follow.conversation, follow.user, follow.root), follow);
    this.#followed.add(nameOf(follow.conversation, follow.user, follow.root));
  }

  /** The rows that the group has written, each in its final state. */
  get written(): { readonly members: readonly Member[]; readonly follows: readonly Follow[] } {
    const members = [...this.#written].map((name) => this.#members.get(name) as Member);
    return { members, follows: [...this.#followed].map((name) => this.#follows.get(name) as Follow) };
  }
}

function positionOf({ at_sequence: sequence, ordinal, sender_ordinal }: PlaceRow): Position {
  return { sequence, ordinal: ordinal ?? 0, senderOrdinal: sender_ordinal ?? 0 };
}

function nameOf(conversation: number, user: UserId, root?: number): string {
  return `${conversation} ${user} ${root ?? ''}`;
}
