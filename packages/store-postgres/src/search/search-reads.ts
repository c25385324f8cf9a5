import type { ConversationId, Message, SearchPlace, SearchPosition, UserId } from '@everywire/chat';
import { FILTER_HASHES, hashToken, type Span, type WantedTokens } from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { type MessageRow, parseMessage } from '../log/message-row.js';
import { FILTER_VERSION } from './build-blocks.js';

/** A conversation of a user's, and when its newest message was sent at the latest. */
export interface Candidate {
  readonly conversation: ConversationId;
  readonly activity: number;
}

/** $1 the user, $2 only these conversations. Nothing but keys and times is read, for there may be ten thousand. */
const CANDIDATES = `
  SELECT i.conversation, coalesce(c.activity, i.activity) AS activity FROM inbox i LEFT JOIN conversation c ON i.large AND c.id = i.conversation
  WHERE i.usr = $1::int8 AND i.is_open AND ($2::int8[] IS NULL OR i.conversation = ANY($2::int8[]))`;

/** Times rise with the sequence, so halving finds the highest sequence that was sent at `last` or before; 0 where there is none. */
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

/** Whether a filter has a token `t`, all its bits. */
const HAS_TOKEN: string = Array.from(
  { length: FILTER_HASHES },
  (_, round) => `get_bit(f.bits, ((t.first + ${round} * t.step) & 4294967295) % f.size) = 1`,
).join(' AND ');

/**
 * $1 to $4 blocks of conversations, from high to low; $5 and $6 tokens of which a block must have all, $7 and $8 one; $9 the version of filters. Of each
 * conversation the highest block that may hold what is wanted, and otherwise how early the lowest one begins. A filter is read out once, not for each bit.
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

/** $4 the user. */
const READ = `
  SELECT m.* FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS a(conversation, low, high)
    JOIN message m ON m.conversation = a.conversation AND m.sequence BETWEEN a.low AND a.high
  WHERE NOT EXISTS (SELECT 1 FROM hidden h WHERE h.conversation = m.conversation AND h.usr = $4::int8 AND h.sequence = m.sequence)`;

/** Where the user may find something, by the keys alone. */
export function readCandidates(
  at: Queries,
  user: UserId,
  places: readonly SearchPlace[] | null,
): Promise<readonly Candidate[]> {
  const ids = places?.map((place) => ('conversation' in place ? place.conversation : null)) ?? [null];
  return at.query<Candidate>(CANDIDATES, [user, ids.includes(null) ? null : ids]);
}

/** A conversation whose newest message after a position is looked for, between nothing and its head. */
interface PlaceWanted {
  readonly conversation: ConversationId;
  readonly head: number;
}

/** The newest message of each that comes after the position; of those where none does nothing is answered. */
export async function readPlaces(
  at: Queries,
  position: SearchPosition,
  wanted: readonly PlaceWanted[],
): Promise<ReadonlyMap<ConversationId, SearchPosition>> {
  if (wanted.length === 0) return new Map();
  const rows = await at.query<{ conversation: number; sequence: number; sent_at: number | null }>(PLACES, [
    wanted.map(({ conversation }) => conversation),
    // Of the same moment come those of lower conversations, and of this one what lies below.
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

/** Blocks of a conversation that are asked whether they may hold what is wanted. */
export interface BlocksAsked {
  readonly conversation: ConversationId;
  readonly low: number;
  readonly high: number;
}

export interface BlocksFound {
  /** The highest one that may; `null` where none does. */
  readonly block: number | null;
  /** No message of these blocks was sent before, where no block may; `null` where nothing is known. */
  readonly firstAt: number | null;
}

/** In the order of what is asked. */
export async function askFilters(
  at: Queries,
  asked: readonly BlocksAsked[],
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

/** A part of a conversation's log. */
export interface SpanAsked {
  readonly conversation: ConversationId;
  readonly span: Span;
}

/** What of the spans the user has not hidden, in no order. */
export async function readSpans(at: Queries, user: UserId, asked: readonly SpanAsked[]): Promise<readonly Message[]> {
  const rows = await at.query<MessageRow>(READ, [
    asked.map(({ conversation }) => conversation),
    asked.map(({ span: [low] }) => low),
    asked.map(({ span: [, high] }) => high),
    user,
  ]);
  return rows.map(parseMessage);
}
