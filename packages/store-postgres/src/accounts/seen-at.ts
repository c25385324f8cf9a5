import type { Queries } from '../database/database.js';

/**
 * The minimum time between two updates of `usedAt` (of a sign-in) or `seenAt` (of an account), ms, so that a busy
 * session does not write every second.
 */
export const USE_STEP_MS = 60_000;

const SET_SEEN = `UPDATE account SET seen_at = $2::int8 WHERE id = $1::int8 AND abs($2::int8 - seen_at) >= ${USE_STEP_MS}`;

/**
 * Updates the time at which an account was last seen. Within a minute of the last update, the statement matches no row:
 * it writes nothing and takes no lock.
 */
export async function moveSeen(at: Queries, user: number, now: number): Promise<void> {
  await at.query(SET_SEEN, [user, now]);
}
