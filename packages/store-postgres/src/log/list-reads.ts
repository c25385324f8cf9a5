import type {
  BytesMax,
  ChatLimits,
  ConversationId,
  Entry,
  Epoch,
  ListAnswer,
  ListPageAnswer,
  ListPosition,
  Store,
  UserId,
} from '@everywire/chat';
import { takeFitting } from '@everywire/chat/internal';
import type { Database, Queries, Snapshot } from '../database/database.js';
import { readEntries } from './entries.js';
import { FIRST_POSITION, LISTED, placeOfPosition } from './listed-sql.js';

/**
 * Reads two bounds of stamps. A stamp is the id of the transaction that last changed a row. `next` is the id of the
 * oldest running transaction: every later commit has a stamp at or above `next`, so a cursor with `next` misses nothing
 * (CH-14). `end` is above all stamps so far.
 */
const NOW = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS next, pg_snapshot_xmax(pg_current_snapshot())::text AS end`;

/**
 * $1 the user, $2 the lowest stamp wanted, $3 and $4 the stamp and conversation after which the page begins, $5 the
 * limit. Finds the entries that changed.
 */
const CHANGED: string = `WITH ${LISTED}
  SELECT conversation, stamp::text AS stamp FROM listed WHERE stamp >= $2::xid8 AND (stamp > $3::xid8 OR (stamp = $3::xid8 AND conversation > $4::int8))
  ORDER BY stamp, conversation LIMIT $5::int8`;

/** $1 the user, $2 to $4 the position after which the page begins, $5 the limit. Finds a page of the list. */
const PAGE: string = `WITH ${LISTED}
  SELECT conversation FROM listed WHERE NOT off AND (-place, -activity, conversation) > ($2::int8, $3::int8, $4::int8)
  ORDER BY place DESC, activity DESC, conversation LIMIT $5::int8`;

/**
 * A parsed cursor: up to where a client knows the changes of its list. `next` and `after` are set between two pages.
 */
interface Cursor {
  /** The lowest stamp that the client may not know. */
  readonly since: string;
  /** `since` of the cursor after the last page. */
  readonly next: string | null;
  /** The last entry of the previous page. */
  readonly after: { readonly stamp: string; readonly conversation: number } | null;
}

type ListReads = Pick<Store, 'list' | 'listPage' | 'entry'>;

/** Creates the reads of a user's list of conversations. Each call reads one snapshot. */
export function createListReads(database: Database, limits: ChatLimits): ListReads {
  const entriesOf = async (
    at: Queries,
    user: UserId,
    ids: readonly ConversationId[],
    bytesMax: BytesMax | undefined,
  ): Promise<readonly Entry[]> => takeFitting(await readEntries(at, user, ids, limits), bytesMax);
  const pageOf = async (
    at: Snapshot,
    user: UserId,
    after: ListPosition | null,
    { size, bytesMax }: { readonly size: number; readonly bytesMax: BytesMax | undefined },
  ): Promise<ListPageAnswer> => {
    const place = after === null ? FIRST_POSITION : placeOfPosition(after);
    const rows = await at.query<{ conversation: number }>(PAGE, [user, ...place, size + 1]);
    const ids = rows.slice(0, size).map(({ conversation }) => conversation);
    const entries = await entriesOf(at, user, ids, bytesMax);
    return { epoch: at.epoch, entries, more: rows.length > entries.length };
  };

  const changed = async (
    at: Snapshot,
    user: UserId,
    { cursor, next, size }: { readonly cursor: Cursor; readonly next: string; readonly size: number },
    bytesMax: BytesMax | undefined,
  ): Promise<ListAnswer | null> => {
    const after = cursor.after ?? { stamp: '0', conversation: 0 };
    const most = limits.listChangedMax + 1;
    const rows = await at.query<{ conversation: number; stamp: string }>(CHANGED, [
      ...[user, cursor.since, after.stamp, after.conversation, most],
    ]);
    if (cursor.after === null && rows.length > limits.listChangedMax) return null;
    const ids = rows.slice(0, size).map(({ conversation }) => conversation);
    const entries = await entriesOf(at, user, ids, bytesMax);
    const last = rows[entries.length - 1];
    const more = rows.length > entries.length && last !== undefined;
    const place: Cursor = more ? { since: cursor.since, next, after: last } : { since: next, next: null, after: null };
    return { outcome: 'changed', epoch: at.epoch, cursor: formatCursor(at.epoch, place), entries, more };
  };

  return {
    list: (user, text, limit, bytesMax) =>
      database.snapshot(async (at) => {
        const [now] = await at.query<{ next: string; end: string }>(NOW);
        const size = Math.min(limit, limits.listEntriesMax);
        const cursor = parseCursor(at.epoch, text);
        const isKnown = cursor !== null && now !== undefined && BigInt(cursor.since) <= BigInt(now.end);
        // Changes that occur between the pages of one answer belong to the next answer.
        const next = cursor?.next ?? now?.next ?? '0';
        const answer = isKnown ? await changed(at, user, { cursor, next, size }, bytesMax) : null;
        if (answer !== null) return answer;
        const first = await pageOf(at, user, null, { size: limits.bootstrapEntries, bytesMax });
        const start = { since: now?.next ?? '0', next: null, after: null };
        return { outcome: isKnown ? 'limited' : 'reset', ...first, cursor: formatCursor(at.epoch, start) };
      }),
    listPage: (user, after, limit, bytesMax) =>
      database.snapshot((at) => pageOf(at, user, after, { size: Math.min(limit, limits.listEntriesMax), bytesMax })),
    entry: (user, conversation) =>
      database.snapshot(async (at) => {
        const [entry = null] = await readEntries(at, user, [conversation], limits);
        return { epoch: at.epoch, entry };
      }),
  };
}

function formatCursor(epoch: Epoch, { since, next, after }: Cursor): string {
  return [epoch, since, ...(after === null ? [] : [next, after.stamp, after.conversation])].join('.');
}

/** Parses a cursor; returns `null` when it is not a cursor of this epoch. */
function parseCursor(epoch: Epoch, text: string | null): Cursor | null {
  if (!text?.startsWith(`${epoch}.`)) return null;
  const numbers = text.slice(epoch.length + 1).split('.');
  if (!numbers.every((each) => /^\d{1,18}$/.test(each))) return null;
  const [since = '', next = '', stamp = '', conversation = ''] = numbers;
  if (numbers.length === 1) return { since, next: null, after: null };
  return numbers.length === 4 ? { since, next, after: { stamp, conversation: Number(conversation) } } : null;
}
