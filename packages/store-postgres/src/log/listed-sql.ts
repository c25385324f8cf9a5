import type { ListPosition } from '@everywire/chat';
import { placeRank } from '@everywire/chat/internal';

/**
 * The lowest id of a transaction, as the stamp (the id of the transaction that last changed a row) of rows that were
 * written elsewhere.
 */
export const FIRST_STAMP = '3';

/** Returns SQL for a stamp, with `FIRST_STAMP` for one that no transaction of this cluster can have set. */
function ownStamp(column: string): string {
  return `CASE WHEN ${column} < (SELECT pg_snapshot_xmax(pg_current_snapshot())) THEN ${column} ELSE '${FIRST_STAMP}'::xid8 END`;
}

/**
 * $1 the user. Defines the table expression `listed`, the user's list: each conversation with its stamp (the id of the
 * transaction that last changed it), its activity (the time of its newest message) and its place (1 pinned, 0 normal,
 * -1 archived). A large conversation has its stamp and activity in the row of the conversation, not in those of the
 * members (CH-13). `off` is true for a conversation that the user has dismissed from the list.
 *
 * A dump that was restored into another cluster keeps its stamps, which may be above all ids here. They are not
 * rewritten, which takes minutes in a large store, but ignored. When the ids of this cluster have risen to such a stamp,
 * the row counts as changed once more.
 */
export const LISTED: string = `
  listed AS (
    SELECT i.conversation,
      CASE WHEN i.large AND i.is_open THEN greatest(${ownStamp('i.stamp')}, ${ownStamp('c.stamp')}) ELSE ${ownStamp('i.stamp')} END AS stamp,
      CASE WHEN i.large AND i.is_open THEN c.activity ELSE i.activity END AS activity,
      m.place, i.is_open, m.dismissed IS NOT NULL AND (NOT i.is_open OR c.count <= m.dismissed) AS off
    FROM inbox i JOIN member m ON m.conversation = i.conversation AND m.usr = i.usr JOIN conversation c ON c.id = i.conversation
    WHERE i.usr = $1::int8
  )`;

/**
 * The position before the first entry of a list. A list is ordered by `place` descending, `activity` descending and
 * `conversation` ascending; a position has the first two negated, so that all three are ascending.
 */
export const FIRST_POSITION: readonly number[] = [-10, 0, 0];

/** Converts the position of an entry to SQL parameters. */
export function placeOfPosition({ place, activity, conversation }: ListPosition): readonly number[] {
  return [-placeRank[place], -activity, conversation];
}
