import type { ChangeRequest, Needs } from '@everywire/chat';
import { DELETED } from './conversation-row.js';
import { targetArrays, WITH_TARGETS } from './group-targets.js';
import type { SentStatement } from './lane-connection.js';

/** A change of any command. */
export type AnyChange = ChangeRequest<unknown, unknown>;

/**
 * The statements of the first round trip of a group, by name, in the order in which they are sent. They lock and read
 * the rows that the changes need. `GroupRows` finds the results by the same names.
 */
export type Load = Readonly<Record<string, SentStatement>>;

/**
 * Locks the conversations of a group, in the order of their ids, so that two groups cannot deadlock. When PostgreSQL
 * has waited for a row lock, it evaluates the query again for this row alone. So the locked rows must not be joined
 * with `target`, the result of a UNION ALL: of the rows that the statement waited for, such a join would return only
 * the first. The array avoids the join.
 */
const LOCK_CONVERSATIONS: string = `${WITH_TARGETS}
  SELECT c.* FROM conversation c WHERE c.id = ANY(ARRAY(SELECT id FROM target)) ORDER BY c.id FOR UPDATE`;

/** An SQL expression: the database's clock at the start of the transaction, ms since 1970. */
export const DATABASE_TIME = '(extract(epoch FROM now()) * 1000)::int8';

/** $1 indexes of changes, $2 and $3 the user and the id of each command. Reads the stored command keys. */
const KEYS = `
  SELECT a.at, k.hash, k.at AS kept_at, ${DATABASE_TIME} AS read_at, k.result FROM unnest($1::int4[], $2::int8[], $3::bytea[]) AS a(at, usr, id)
    JOIN command_key k ON k.usr = a.usr AND k.id = a.id`;

/** The columns and tables of a `MemberRow`. */
const MEMBER = `m.*, i.activity, i.large
    FROM member m JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr`;

/**
 * Locks and reads rows of members, in the order of their keys, so that two groups cannot deadlock. $5, $6 members by
 * change and user; $7 changes that need all open (current) members of a small conversation; $8 changes that need the
 * creators of all invitations; $9, $10 threads, by change and the sequence of the root or of a reply, whose authors are
 * needed.
 */
const LOCK_MEMBERS = `${WITH_TARGETS},
  pair AS (
    SELECT t.id AS conversation, n.usr FROM target t JOIN unnest($5::int4[], $6::int8[]) AS n(at, usr) ON n.at = t.at
    UNION
    SELECT m.conversation, m.usr FROM target t JOIN unnest($7::int4[]) AS n(at) ON n.at = t.at
      JOIN conversation c ON c.id = t.id AND NOT c.large
      JOIN member m ON m.conversation = t.id AND m.open_from IS NOT NULL
    UNION
    SELECT i.conversation, i.creator FROM target t JOIN unnest($8::int4[]) AS n(at) ON n.at = t.at
      JOIN invite i ON i.conversation = t.id
    UNION
    SELECT t.id, coalesce(root.sender, named.sender) FROM target t JOIN unnest($9::int4[], $10::int8[]) AS n(at, root) ON n.at = t.at
      JOIN message named ON named.conversation = t.id AND named.sequence = n.root
      LEFT JOIN message root ON root.conversation = t.id AND root.sequence = named.root
  )
  SELECT ${MEMBER} JOIN pair p ON p.conversation = m.conversation AND p.usr = m.usr
  ORDER BY m.conversation, m.usr FOR NO KEY UPDATE OF m`;

/** Finds the open (current) members of small conversations. */
const OPEN = `${WITH_TARGETS}
  SELECT t.at, m.usr FROM target t JOIN conversation c ON c.id = t.id AND NOT c.large
    JOIN member m ON m.conversation = t.id AND m.open_from IS NOT NULL ORDER BY t.at, m.usr`;

/**
 * Reads messages: $5, $6 by change and sequence; $7, $8 roots, by change and the sequence of the root or of a reply.
 */
const MESSAGES = `${WITH_TARGETS},
  named AS (
    SELECT t.at, t.id, n.sequence FROM target t JOIN unnest($5::int4[], $6::int8[]) AS n(at, sequence) ON n.at = t.at
    UNION
    SELECT t.at, t.id, r.sequence FROM target t JOIN unnest($7::int4[], $8::int8[]) AS n(at, root) ON n.at = t.at
      JOIN message x ON x.conversation = t.id AND x.sequence = n.root
      CROSS JOIN LATERAL (VALUES (x.sequence), (x.root)) AS r(sequence)
  )
  SELECT n.at, m.* FROM named n JOIN message m ON m.conversation = n.id AND m.sequence = n.sequence`;

/**
 * $5, $6 threads, by change and the sequence of the root or of a reply; $7, $8 users, by change. Reads, for each of
 * these users and for the root's author, the follow of the thread and the number of own replies.
 */
const THREADS = `${WITH_TARGETS},
  root AS (
    SELECT t.at, t.id, coalesce(x.root, x.sequence) AS root, coalesce(r.sender, x.sender) AS author
    FROM target t JOIN unnest($5::int4[], $6::int8[]) AS n(at, root) ON n.at = t.at
      JOIN message x ON x.conversation = t.id AND x.sequence = n.root
      LEFT JOIN message r ON r.conversation = t.id AND r.sequence = x.root
  ),
  pair AS (
    SELECT at, id, root, author AS usr FROM root
    UNION
    SELECT r.at, r.id, r.root, n.usr FROM root r JOIN unnest($7::int4[], $8::int8[]) AS n(at, usr) ON n.at = r.at
  )
  SELECT p.at, p.usr AS of, f.*,
    (SELECT m.thread_sent FROM message m WHERE m.conversation = p.id AND m.root = p.root AND m.sender = p.usr AND m.root IS NOT NULL
      ORDER BY m.sequence DESC LIMIT 1) AS thread_sent
  FROM pair p LEFT JOIN follow f ON f.conversation = p.id AND f.usr = p.usr AND f.root = p.root`;

/** $5 to $7 messages, by change, user and sequence. Returns those that the user has hidden. */
const HIDDEN = `${WITH_TARGETS}
  SELECT t.at, h.sequence FROM target t JOIN unnest($5::int4[], $6::int8[], $7::int8[]) AS n(at, usr, sequence) ON n.at = t.at
    JOIN hidden h ON h.conversation = t.id AND h.usr = n.usr AND h.sequence = n.sequence`;

/** $5 changes. Reads all invitations of their conversations. */
const INVITES = `${WITH_TARGETS}
  SELECT t.at, i.* FROM target t JOIN unnest($5::int4[]) AS n(at) ON n.at = t.at JOIN invite i ON i.conversation = t.id ORDER BY i.id`;

/**
 * Finds which of the two users of a direct conversation blocks the other, even if the conversation does not exist yet.
 */
const BLOCKS = `${WITH_TARGETS},
  pair AS (
    SELECT a.at, coalesce(a.smaller, c.direct_smaller) AS smaller, coalesce(a.larger, c.direct_larger) AS larger
    FROM asked a LEFT JOIN conversation c ON c.id = a.id
  )
  SELECT p.at, b.usr FROM pair p JOIN block b ON b.usr = p.smaller AND b.blocked = p.larger
  UNION ALL
  SELECT p.at, b.usr FROM pair p JOIN block b ON b.usr = p.larger AND b.blocked = p.smaller`;

/** $1, $2 users by change. Counts the users whom each of them blocks. */
const BLOCK_COUNTS = `
  SELECT n.at, (SELECT count(*) FROM block b WHERE b.usr = n.usr) AS count FROM unnest($1::int4[], $2::int8[]) AS n(at, usr)`;

/** $1, $2 users by change. Counts the large conversations of which each of them is an open member. */
const LARGE_COUNTS: string = `
  SELECT n.at, n.usr, (SELECT count(*) FROM inbox i JOIN conversation c ON c.id = i.conversation AND c.flags & ${DELETED} = 0
    WHERE i.usr = n.usr AND i.large AND i.is_open) AS count
  FROM unnest($1::int4[], $2::int8[]) AS n(at, usr)`;

/**
 * $5 the change, $6 the leaving owner, $7 users who inherit only if there is no other member. Finds the member who
 * becomes the owner: by role (admin, member, reader), then by the start of the membership. A deleted account never
 * inherits.
 */
const HEIR = `${WITH_TARGETS}
  SELECT ${MEMBER} JOIN (
    SELECT m.conversation, m.usr FROM target t JOIN member m ON m.conversation = t.id AND m.open_from IS NOT NULL
    WHERE t.at = $5::int4 AND m.usr <> $6::int8 AND NOT EXISTS (SELECT 1 FROM account a WHERE a.id = m.usr AND a.state = 2)
    ORDER BY (m.usr = ANY($7::int8[])), array_position(ARRAY[2, 1, 3]::int2[], m.role), m.open_from, m.usr LIMIT 1
  ) AS heir ON heir.conversation = m.conversation AND heir.usr = m.usr
  FOR NO KEY UPDATE OF m`;

/**
 * $5 to $7 positions, by change, user and sequence. The sequence is limited to the head, the last sequence of the
 * conversation. Finds the number of counting messages up to there, of all senders and of the user (CH-19).
 */
const POSITIONS = `${WITH_TARGETS},
  place AS (
    SELECT t.at, c.id, n.usr, greatest(0, least(n.sequence, c.sequence)) AS sequence
    FROM target t JOIN unnest($5::int4[], $6::int8[], $7::int8[]) AS n(at, usr, sequence) ON n.at = t.at JOIN conversation c ON c.id = t.id
  )
  SELECT p.at, p.sequence, coalesce(m.ordinal, 0) AS ordinal, CASE
    WHEN m.sender = p.usr THEN m.sender_ordinal
    WHEN m.of_two THEN m.ordinal - m.sender_ordinal
    ELSE coalesce((SELECT o.sender_ordinal FROM message o WHERE o.conversation = p.id AND o.sender = p.usr AND o.sequence <= p.sequence
      AND NOT o.of_two ORDER BY o.sequence DESC LIMIT 1), 0) END AS sender_ordinal
  FROM place p LEFT JOIN message m ON m.conversation = p.id AND m.sequence = p.sequence`;

/**
 * Returns ids of new conversations. The transaction gets its own id here, before it reads who is active: by this id,
 * `Database.settled` waits for it. Other changes get it when they lock their conversation.
 */
const NEW_IDS = `SELECT nextval('conversation_id') AS id, pg_current_xact_id() FROM generate_series(1, $1::int4)`;

/** $1 users. Finds those whose accounts are suspended or deleted. */
const INACTIVE = `SELECT id FROM account WHERE id = ANY($1::int8[]) AND state <> 0`;

/** Returns the values of each change as two arrays of equal length: the index of the change, and the value. */
function pairsOf(group: readonly AnyChange[], of: (change: AnyChange) => readonly number[]): [number[], number[]] {
  const pairs = group.flatMap((change, at) => of(change).map((value) => [at, value] as const));
  return [pairs.map(([at]) => at), pairs.map(([, value]) => value)];
}

/** Returns the indexes of the changes with a need. */
function changesThat(group: readonly AnyChange[], is: (needs: Needs) => boolean | undefined): number[] {
  return group.flatMap(({ needs }, at) => (is(needs) ? [at] : []));
}

/**
 * Returns the statements that load the rows which the changes of a group need. A statement that locks rows comes before
 * the statements that read what depends on these rows. Statements that no change needs are omitted.
 */
export function loadOf(group: readonly AnyChange[]): Load {
  const targets = targetArrays(group.map(({ target }) => target));
  const named = pairsOf(group, ({ needs }) => needs.members);
  const roots = pairsOf(group, ({ needs: { thread } }) => (thread === null ? [] : [thread]));
  const invites = changesThat(group, (needs) => needs.invites);
  const messages = pairsOf(group, ({ needs }) => needs.messages);
  const counted = changesThat(group, (needs) => needs.blockCount);
  const largeCounts = pairsOf(group, ({ needs }) => (needs.largeCounts ? needs.members : []));
  const positions = changesThat(group, (needs) => needs.position !== undefined);
  const born = group.filter(({ target }) => target.by !== 'id').length;
  const active = group.flatMap(({ active: users = [] }) => users);
  const userOf = (at: number): number => group[at]?.key.user ?? 0;
  const load: Record<string, SentStatement> = {
    conversations: { text: LOCK_CONVERSATIONS, values: targets },
    keys: {
      text: KEYS,
      values: [targets[0], group.map(({ key }) => key.user), group.map(({ key }) => Buffer.from(key.id, 'hex'))],
    },
    members: {
      text: LOCK_MEMBERS,
      values: [...targets, ...named, changesThat(group, (needs) => needs.openMembers), invites, ...roots],
    },
    open: { text: OPEN, values: targets },
    blocks: { text: BLOCKS, values: targets },
  };
  if (messages[0].length + roots[0].length > 0)
    load['messages'] = { text: MESSAGES, values: [...targets, ...messages, ...roots] };
  if (messages[0].length > 0) {
    load['hidden'] = { text: HIDDEN, values: [...targets, messages[0], messages[0].map(userOf), messages[1]] };
  }
  if (roots[0].length > 0) load['threads'] = { text: THREADS, values: [...targets, ...roots, ...named] };
  if (invites.length > 0) load['invites'] = { text: INVITES, values: [...targets, invites] };
  if (counted.length > 0) load['blockCounts'] = { text: BLOCK_COUNTS, values: [counted, counted.map(userOf)] };
  if (largeCounts[0].length > 0) load['largeCounts'] = { text: LARGE_COUNTS, values: largeCounts };
  if (positions.length > 0) {
    const sequences = positions.map((at) => group[at]?.needs.position ?? 0);
    load['positions'] = { text: POSITIONS, values: [...targets, positions, positions.map(userOf), sequences] };
  }
  if (born > 0) load['newIds'] = { text: NEW_IDS, values: [born] };
  if (active.length > 0) load['inactive'] = { text: INACTIVE, values: [active] };
  for (const [at, { needs }] of group.entries()) {
    if (needs.heirOf === undefined) continue;
    load[`heir ${at}`] = { text: HEIR, values: [...targets, at, needs.heirOf, needs.heirsAvoided ?? []] };
  }
  return load;
}
