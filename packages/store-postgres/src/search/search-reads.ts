import type { ConversationId, Message, SearchPlace, SearchPosition, UserId } from '@everywire/chat';
import { FILTER_HASHES, hashToken, type VisibleRange, type WantedTokens } from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { type MessageColumns, parseMessage } from '../log/message-columns.js';
import { FILTER_VERSION } from './build-blocks.js';

/** A conversation of a user, with an upper bound of the time of its newest message. */
export interface Candidate {
  readonly conversation: ConversationId;
  readonly activity: number;
}

/**
 * $1 the user, $2 the conversations to search, NULL for all. Reads only ids and times, because a user may have ten
 * thousand conversations.
 */
const CANDIDATES = `
  SELECT i.conversation, coalesce(c.activity, i.activity) AS activity FROM inbox i LEFT JOIN conversation c ON i.large AND c.id = i.conversation
  WHERE i.usr = $1::int8 AND i.is_open AND ($2::int8[] IS NULL OR i.conversation = ANY($2::int8[]))`;

/**
 * $1 conversations, $2 times `last`, $3 and $4 ranges of sequences. Finds the highest sequence sent at or before
 * `last`; 0 if there is none. Times rise with the sequence, so this is a binary search: each recursion halves the
 * range.
 */
const PLACES = `
  WITH RECURSIVE half (conversation, last, low, high) AS (
    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[])
    UNION ALL
    SELECT h.conversation, h.last, CASE WHEN m.is_before THEN m.middle ELSE h.low END, CASE WHEN m.is_before THEN h.high ELSE m.middle - 1 END
    FROM half h CROSS JOIN LATERAL (
      SELECT s.middle, coalesce((SELECT sent_at FROM message WHERE conversation = h.conversation AND sequence <= s.middle
        ORDER BY sequence DESC LIMIT 1), 0) <= h.last AS is_before
      FROM (SELECT (h.low + h.high + 1) / 2 AS middle) AS s
    ) AS m WHERE h.low < h.high
  )
  SELECT p.conversation, p.low AS sequence, m.sent_at FROM half p
    LEFT JOIN message m ON m.conversation = p.conversation AND m.sequence = p.low WHERE p.low = p.high`;

/**
 * An SQL condition: the filter `f` has all bits of the token `t`. `block-filter.ts` of the chat package defines the
 * bits.
 */
const HAS_TOKEN: string = Array.from(
  { length: FILTER_HASHES },
  (_, round) => `get_bit(f.bits, ((t.first + ${round} * t.step) & 4294967295) % f.size) = 1`,
).join(' AND ');

/**
 * $1 to $4 ranges of blocks: index, conversation, lowest and highest block; $5 and $6 tokens of which a block must have
 * all; $7 and $8 tokens of which it must have one; $9 the filter version. Returns, per range, the highest block that
 * may match (NULL if none), and the earliest time of the blocks. A block without a usable filter may match.
 *
 * `s.bits || ''` and `OFFSET 0` make PostgreSQL load each filter once, not once per tested bit.
 */
const FILTERED: string = `
  SELECT a.at, max(b.block) FILTER (WHERE v.may) AS block, min(s.first_at) AS first_at
  FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[]) AS a(at, conversation, low, high)
    CROSS JOIN LATERAL generate_series(a.low, a.high) AS b(block)
    LEFT JOIN search_block s ON s.conversation = a.conversation AND s.block = b.block AND s.version = $9::int8
    CROSS JOIN LATERAL (SELECT s.bits || ''::bytea AS bits, length(s.bits) * 8 AS size OFFSET 0) AS f
    CROSS JOIN LATERAL (SELECT f.bits IS NULL OR (
      NOT EXISTS (SELECT 1 FROM unnest($5::int8[], $6::int8[]) AS t(first, step) WHERE NOT (${HAS_TOKEN}))
      AND (cardinality($7::int8[]) = 0 OR EXISTS (SELECT 1 FROM unnest($7::int8[], $8::int8[]) AS t(first, step) WHERE ${HAS_TOKEN}))
    ) AS may) AS v
  GROUP BY a.at`;

/**
 * $1 to $3 spans: conversation, lowest and highest sequence; $4 the user. Reads the messages that the user did not
 * hide.
 */
const READ = `
  SELECT m.* FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS a(conversation, low, high)
    JOIN message m ON m.conversation = a.conversation AND m.sequence BETWEEN a.low AND a.high
  WHERE NOT EXISTS (SELECT 1 FROM hidden h WHERE h.conversation = m.conversation AND h.usr = $4::int8 AND h.sequence = m.sequence)`;

/** Reads the conversations that a search in these places must cover; `null` for all places. */
export function readCandidates(
  at: Queries,
  user: UserId,
  places: readonly SearchPlace[] | null,
): Promise<readonly Candidate[]> {
  const ids = places?.map((place) => ('conversation' in place ? place.conversation : null)) ?? [null];
  return at.query<Candidate>(CANDIDATES, [user, ids.includes(null) ? null : ids]);
}

/** A conversation to look up in, with its head (last sequence). */
interface ConversationHead {
  readonly conversation: ConversationId;
  readonly head: number;
}

/**
 * Finds, per conversation, the newest message that follows the position in search order (newest first). Omits
 * conversations without such a message.
 */
export async function readPlaces(
  at: Queries,
  position: SearchPosition,
  wanted: readonly ConversationHead[],
): Promise<ReadonlyMap<ConversationId, SearchPosition>> {
  if (wanted.length === 0) return new Map();
  const rows = await at.query<{ conversation: number; sequence: number; sent_at: number | null }>(PLACES, [
    wanted.map(({ conversation }) => conversation),
    // Of messages with the time of the position, those follow that are in a conversation with a lower id, or in the
    // position's own conversation with a lower sequence.
    wanted.map(({ conversation }) => position.sentAt - (conversation <= position.conversation ? 0 : 1)),
    wanted.map(() => 0),
    wanted.map(({ conversation, head }) =>
      conversation === position.conversation ? Math.max(0, Math.min(head, position.sequence - 1)) : head,
    ),
  ]);
  return new Map(
    rows
      .filter(({ sequence }) => sequence > 0)
      .map(({ conversation, sequence, sent_at }) => [
        conversation,
        { conversation, sequence, sentAt: sent_at ?? position.sentAt },
      ]),
  );
}

/** A range of blocks of a conversation whose filters are tested. */
export interface BlockRange {
  readonly conversation: ConversationId;
  readonly low: number;
  readonly high: number;
}

/** The result of a filter query. */
export interface BlocksFound {
  /** The highest block that may match; `null` when none does. */
  readonly block: number | null;
  /** The earliest time of the tested blocks; `null` if no block has a filter. */
  readonly firstAt: number | null;
}

/** Tests the filters of ranges of blocks; returns one result per range, in the same order. */
export async function askFilters(
  at: Queries,
  asked: readonly BlockRange[],
  { all, any }: WantedTokens,
): Promise<readonly BlocksFound[]> {
  const firstAndStep = (tokens: readonly string[]): unknown[][] => {
    const hashed = tokens.map(hashToken);
    return [hashed.map(({ first }) => first), hashed.map(({ step }) => step)];
  };
  const rows = await at.query<{ at: number; block: number | null; first_at: number | null }>(FILTERED, [
    asked.map((_, index) => index),
    asked.map(({ conversation }) => conversation),
    asked.map(({ low }) => low),
    asked.map(({ high }) => high),
    ...firstAndStep(all),
    ...firstAndStep(any),
    FILTER_VERSION,
  ]);
  const found = new Map(rows.map((row) => [row.at, row]));
  return asked.map((_, index) => {
    const row = found.get(index);
    return { block: row?.block ?? null, firstAt: row?.first_at ?? null };
  });
}

/** A range of a conversation's log. */
export interface LogSpan {
  readonly conversation: ConversationId;
  readonly span: VisibleRange;
}

/** Reads the messages of the spans that the user has not hidden, in no particular order. */
export async function readSpans(at: Queries, user: UserId, asked: readonly LogSpan[]): Promise<readonly Message[]> {
  const rows = await at.query<MessageColumns>(READ, [
    asked.map(({ conversation }) => conversation),
    asked.map(({ span: [low] }) => low),
    asked.map(({ span: [, high] }) => high),
    user,
  ]);
  return rows.map(parseMessage);
}
