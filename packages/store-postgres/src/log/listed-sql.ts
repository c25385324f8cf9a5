import type { ListPosition } from '@everywire/chat';
import { placeRank } from '@everywire/chat/internal';

/**
 * $1 the user. The conversation's own row holds the stamp and activity of a large conversation (CH-13). `off`:
 * dismissed.
 */
export const LISTED = `
  listed AS (
    SELECT i.conversation,
      CASE WHEN i.large AND i.is_open THEN greatest(i.stamp, c.stamp) ELSE i.stamp END AS stamp,
      CASE WHEN i.large AND i.is_open THEN c.activity ELSE i.activity END AS activity,
      m.place, i.is_open, m.dismissed IS NOT NULL AND (NOT i.is_open OR c.count <= m.dismissed) AS off
    FROM inbox i JOIN member m ON m.conversation = i.conversation AND m.usr = i.usr JOIN conversation c ON c.id = i.conversation
    WHERE i.usr = $1::int8
  )`;

/**
 * The position before every entry of a list, which is ordered by `place` and `activity` descending and `conversation`
 * ascending.
 */
export const FIRST_POSITION: readonly number[] = [-10, 0, 0];

/** Converts a position to SQL parameters. */
export function placeOfPosition({ place, activity, conversation }: ListPosition): readonly number[] {
  return [-placeRank[place], -activity, conversation];
}
