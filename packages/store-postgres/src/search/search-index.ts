import { BackgroundJob } from '../database/background-job.js';
import type { Database } from '../database/database.js';
import type { PostgresStoreLimits } from '../limits.js';
import { buildBlocks, renewBlocks } from './build-blocks.js';

/** Creates the job that builds the search filters of queued blocks and rebuilds the filters of older versions. */
export function createSearchIndex(
  database: Database,
  { searchBlocksAtOnce, searchIndexMs, lookMs }: PostgresStoreLimits,
): BackgroundJob {
  return new BackgroundJob({
    pauseMs: searchIndexMs,
    lookMs,
    run: async () => {
      const built = await buildBlocks(database, searchBlocksAtOnce);
      return built > 0 || (await renewBlocks(database)) > 0;
    },
  });
}
