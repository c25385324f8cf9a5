import type { ConversationId } from '@everywire/chat';
import type { Database, Queries } from '../database/database.js';
import { DELETED } from '../log/conversation-row.js';
import { forgetPlace } from './data-place.js';

/** A conversation whose head was not its last message, with both sequences. */
export interface RepairedHead {
  readonly conversation: ConversationId;
  readonly head: number;
  readonly last: number;
}

/** Conversations of one query, so that no query of a large database exceeds the timeout of a statement. */
const BATCH = 5_000;

/**
 * $1 the last conversation of the previous batch, $2 the size of a batch. Finds the heads that are not the last
 * message. The messages of a deleted conversation are erased, so its head is not compared.
 */
const FIND: string = `WITH batch AS (SELECT id, sequence, flags FROM conversation WHERE id > $1::int8 ORDER BY id LIMIT $2::int4),
  compared AS (SELECT *, (SELECT coalesce(max(m.sequence), 0) FROM message m WHERE m.conversation = batch.id) AS last FROM batch)
  SELECT (SELECT max(id) FROM batch) AS reached, wrong.id AS conversation, wrong.sequence AS head, wrong.last
  FROM (SELECT) AS one LEFT JOIN compared AS wrong ON wrong.sequence <> wrong.last AND wrong.flags & ${DELETED} = 0 ORDER BY wrong.id`;

/** Each row of the log holds the counts up to it, so the last one has those of the head (CH-19). $1 the conversation. */
const REPAIR: readonly string[] = [
  'SELECT 1 FROM conversation WHERE id = $1::int8 FOR UPDATE',
  `UPDATE conversation c SET stamp = pg_current_xact_id(),
    sequence = coalesce((SELECT max(m.sequence) FROM message m WHERE m.conversation = c.id), 0),
    count = coalesce((SELECT m.ordinal FROM message m WHERE m.conversation = c.id ORDER BY m.sequence DESC LIMIT 1), 0),
    modification = greatest(c.modification, (SELECT max(m.modification) FROM message m WHERE m.conversation = c.id)) + 1,
    activity = greatest(c.activity, (SELECT max(m.sent_at) FROM message m WHERE m.conversation = c.id)),
    pins = (SELECT count(*) FROM message m WHERE m.conversation = c.id AND m.pinned),
    member_count = (SELECT count(*) FROM member m WHERE m.conversation = c.id AND m.open_from IS NOT NULL)
    WHERE c.id = $1::int8`,
  `UPDATE member m SET sent = own.sent, read_sent = least(m.read_sent, own.sent), read_ordinal = least(m.read_ordinal, c.count),
    read = least(m.read, c.sequence), shown = least(m.shown, c.sequence),
    delivered = least(m.delivered, c.sequence), cleared = least(m.cleared, c.sequence)
    FROM conversation c, member k CROSS JOIN LATERAL (SELECT coalesce((SELECT o.sender_ordinal FROM message o
      WHERE o.conversation = k.conversation AND o.sender = k.usr ORDER BY o.sequence DESC LIMIT 1), 0) AS sent) own
    WHERE c.id = $1::int8 AND k.conversation = c.id AND m.conversation = k.conversation AND m.usr = k.usr`,
  `UPDATE message r SET replies = t.replies
    FROM (SELECT root, max(thread_ordinal) AS replies FROM message WHERE conversation = $1::int8 AND root IS NOT NULL GROUP BY root) t
    WHERE r.conversation = $1::int8 AND r.sequence = t.root AND r.replies IS DISTINCT FROM t.replies`,
  `UPDATE follow f SET sent = t.sent
    FROM (SELECT root, sender, max(thread_sent) AS sent FROM message WHERE conversation = $1::int8 AND root IS NOT NULL GROUP BY root, sender) t
    WHERE f.conversation = $1::int8 AND f.root = t.root AND f.usr = t.sender`,
];

/**
 * Finds conversations whose head is not their last message, and repairs them from the log: the head, the counts, and
 * what members have sent and read. Earlier versions could set a head back (docs/guides/postgresql.md); then acknowledged
 * messages were hidden, and every further send failed. Changes since then may have reused numbers, so a repair makes the
 * next opening take a new epoch, and all clients load again.
 */
export async function repairHeads(database: Database): Promise<readonly RepairedHead[]> {
  const repaired: RepairedHead[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const rows: readonly FoundRow[] = await database.query<FoundRow>(FIND, [after, BATCH]);
    repaired.push(...rows.filter((row): row is FoundRow & RepairedHead => row.conversation !== null));
    after = rows[0]?.reached ?? null;
  }
  if (repaired.length > 0)
    await database.transaction(async (at) => {
      for (const { conversation } of repaired) await repair(at, conversation);
      await forgetPlace(at);
    });
  return repaired.map(({ conversation, head, last }) => ({ conversation, head, last }));
}

type FoundRow = { readonly reached: number | null } & (
  | RepairedHead
  | { readonly [Column in keyof RepairedHead]: null }
);

async function repair(at: Queries, conversation: ConversationId): Promise<void> {
  for (const text of REPAIR) await at.query(text, [conversation]);
}
