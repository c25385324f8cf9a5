import type { ConversationId, Message } from '@everywire/chat';
import { visibleSpans, withSeenReplies } from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { type MessageColumns, parseMessage } from './message-columns.js';
import type { OpenMember } from './open-member.js';

const MESSAGES = 'SELECT * FROM message WHERE conversation = $1::int8 AND sequence = ANY($2::int8[]) ORDER BY sequence';

/**
 * $1 the conversation, $2 and $3 roots and sequences. Finds, per pair, the number of replies in the thread of the root
 * at or below the sequence. `m.root IS NOT NULL` lets PostgreSQL use the partial index `message_thread`.
 */
const ORDINALS = `SELECT p.root, p.sequence, coalesce((SELECT m.thread_ordinal FROM message m WHERE m.conversation = $1::int8 AND m.root = p.root
    AND m.root IS NOT NULL AND m.sequence <= p.sequence ORDER BY m.sequence DESC LIMIT 1), 0) AS ordinal
  FROM unnest($2::int8[], $3::int8[]) AS p(root, sequence)`;

/** Reads messages by sequence, in order; omits those that do not exist. */
export async function readMessages(
  at: Queries,
  id: ConversationId,
  sequences: readonly number[],
): Promise<ReadonlyMap<number, Message>> {
  const rows = sequences.length === 0 ? [] : await at.query<MessageColumns>(MESSAGES, [id, sequences]);
  return new Map(rows.map((row) => [row.sequence, parseMessage(row)]));
}

/** Returns those of the sequences that the member has hidden. */
export async function hiddenOf(
  at: Queries,
  { conversation, member }: OpenMember,
  sequences: readonly number[],
): Promise<ReadonlySet<number>> {
  if (member.hiddenAt === 0 || sequences.length === 0) return new Set();
  const rows = await at.query<{ sequence: number }>(
    'SELECT sequence FROM hidden WHERE conversation = $1::int8 AND usr = $2::int8 AND sequence = ANY($3::int8[])',
    [conversation.id, member.user, sequences],
  );
  return new Set(rows.map(({ sequence }) => sequence));
}

/**
 * Returns the messages that the member has not hidden. The number of replies of a root is limited to those that the
 * member may see (CH-21).
 */
export async function seenBy(at: Queries, asking: OpenMember, rows: readonly Message[]): Promise<readonly Message[]> {
  const { conversation, member } = asking;
  const hidden = await hiddenOf(
    at,
    asking,
    rows.map(({ sequence }) => sequence),
  );
  const visible = visibleSpans(member, conversation.sequence);
  const left = rows.filter(({ sequence }) => !hidden.has(sequence));
  const wanted: (readonly [root: number, sequence: number])[] = [];
  const show = (ordinalAt: (root: number, sequence: number) => number): readonly Message[] =>
    left.map((row) =>
      withSeenReplies(row, visible, conversation.sequence, (sequence) => ordinalAt(row.sequence, sequence)),
    );
  // The first pass only collects the ordinals that must be read; the second pass uses them.
  const shown = show((root, sequence) => {
    wanted.push([root, sequence]);
    return 0;
  });
  if (wanted.length === 0) return shown;
  const values = [conversation.id, wanted.map(([root]) => root), wanted.map(([, sequence]) => sequence)];
  const found = await at.query<{ root: number; sequence: number; ordinal: number }>(ORDINALS, values);
  const ordinals = new Map(found.map(({ root, sequence, ordinal }) => [`${root} ${sequence}`, ordinal]));
  return show((root, sequence) => ordinals.get(`${root} ${sequence}`) ?? 0);
}
