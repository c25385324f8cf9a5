import type { Queries } from '../database/database.js';

/** `usedAt` and `seenAt` move at most this often: a session that is in use every second must not write every second. */
export const USE_STEP_MS = 60_000;

const SET_SEEN = `UPDATE account SET seen_at = $2::int8 WHERE id = $1::int8 AND abs($2::int8 - seen_at) >= ${USE_STEP_MS}`;

/** Moves when an account was seen last. Where it is too early for that, the statement finds no row: it writes nothing and takes no lock. */
export async function moveSeen(at: Queries, user: number, now: number): Promise<void> {
  await at.query(SET_SEEN, [user, now]);
}
