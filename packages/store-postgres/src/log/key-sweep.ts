import { BackgroundJob } from '../database/background-job.js';
import type { Database } from '../database/database.js';
import { DATABASE_TIME } from './load-group.js';

const SWEPT_AT_ONCE = 1_000;
const PAUSE_MS = 20;

/** The oldest time of a key that shows that commands have recently arrived, ms before the database's clock. */
const RECENT_MS = 3_600_000;

/**
 * $1 the age of expired keys, $2 the limit. Measures the age from the newest key of the last hour, by the database's
 * clock. So neither a node nor a database whose clock is ahead makes keys expire; while they differ by more than an
 * hour, nothing is deleted. SKIP LOCKED leaves out the keys that another node is deleting.
 */
const SWEEP = `DELETE FROM command_key WHERE (usr, id) IN (
  SELECT usr, id FROM command_key WHERE at < (
    SELECT max(at) FROM command_key WHERE at BETWEEN ${DATABASE_TIME} - ${RECENT_MS} AND ${DATABASE_TIME}
  ) - $1::int8 ORDER BY at LIMIT $2::int8 FOR UPDATE SKIP LOCKED) RETURNING 1`;

/** Creates the job that deletes the command keys older than `keyMs` (CH-18). */
export function createKeySweep(database: Database, keyMs: number, lookMs: number): BackgroundJob {
  return new BackgroundJob({
    pauseMs: PAUSE_MS,
    lookMs,
    run: async () => (await database.query(SWEEP, [keyMs, SWEPT_AT_ONCE])).length > 0,
  });
}
