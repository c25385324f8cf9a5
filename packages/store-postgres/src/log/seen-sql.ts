import { DELETED } from './conversation-row.js';

/**
 * An SQL condition: the member `p` may see the message `m` (CH-3). The message lies in one of the member's periods
 * (stays in the conversation) and above `cleared`, and the member has not hidden it. `formatPeriods` in `member-row.ts`
 * defines the format of `periods`.
 */
export const IS_SEEN = `m.sequence > p.cleared AND EXISTS (
    SELECT 1 FROM generate_series(0, jsonb_array_length(p.periods::jsonb) - 1, 3) AS g
    WHERE m.sequence >= (p.periods::jsonb -> g)::int8 AND m.sequence <= coalesce((p.periods::jsonb -> (g + 1))::int8, m.sequence)
  ) AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.conversation = m.conversation AND h.usr = p.usr AND h.sequence = m.sequence)`;

/**
 * An SQL join of rows `i` of `inbox`, rows `p` of `member` and conversations `c` that are not deleted. The caller
 * restricts it to the current memberships of a user by `i.usr = … AND i.is_open`.
 */
export const OPEN_STAYS: string = `inbox i
    JOIN member p ON p.conversation = i.conversation AND p.usr = i.usr
    JOIN conversation c ON c.id = i.conversation AND c.flags & ${DELETED} = 0`;
