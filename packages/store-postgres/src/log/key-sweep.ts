import { BackgroundJob } from '../database/background-job.js';
import type { Database } from '../database/database.js';

const SWEPT_AT_ONCE = 1_000;
const PAUSE_MS = 20;

/**
 * $1 the age of expired keys, $2 the limit. Compares the time of a key with that of the newest key, not with the clock
 * of this node, which may be wrong. SKIP LOCKED leaves out the keys that another node is deleting.
 */
const SWEEP = `DELETE FROM command_key WHERE (usr, id) IN (
  SELECT usr, id FROM command_key WHERE at < (SELECT max(at) FROM command_key) - $1::int8 ORDER BY at LIMIT $2::int8 FOR UPDATE SKIP LOCKED) RETURNING 1`;

/** Creates the job that deletes the command keys older than `keyMs` (CH-18). */
export function createKeySweep(database: Database, keyMs: number, lookMs: number): BackgroundJob {
  return new BackgroundJob({
    pauseMs: PAUSE_MS,
    lookMs,
    run: async () => (await database.query(SWEEP, [keyMs, SWEPT_AT_ONCE])).length > 0,
  });
}
