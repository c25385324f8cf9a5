import { Chore } from '../database/chore.js';
import type { Database } from '../database/database.js';
import type { PostgresStoreLimits } from '../limits.js';
import { buildBlocks, renewBlocks } from './build-blocks.js';

/** Makes the filters of blocks that are due, and those of an older version anew. */
export function createSearchIndex(
  database: Database,
  { searchBlocksAtOnce, searchIndexMs, lookMs }: PostgresStoreLimits,
): Chore {
  return new Chore({
    pauseMs: searchIndexMs,
    lookMs,
    run: async () => {
      const built = await buildBlocks(database, searchBlocksAtOnce);
      return built > 0 || (await renewBlocks(database)) > 0;
    },
  });
}
