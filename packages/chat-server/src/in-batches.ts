import { setImmediate } from 'node:timers/promises';

const BATCH_ITEMS = 100;

/**
 * Runs `work` on a hundred items at a time, and yields to the event loop after each hundred. Needed for work on all
 * sessions, because a node may have 100,000.
 */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += BATCH_ITEMS) {
    if (from > 0) await setImmediate();
    results.push(...(await Promise.all(items.slice(from, from + BATCH_ITEMS).map(work))));
  }
  return results;
}
