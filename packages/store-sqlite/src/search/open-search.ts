import type { ChatLimits } from '@everywire/chat';
import type { SqliteStoreLimits } from '../limits.js';
import type { StoreFile } from '../open-store-file.js';
import type { Tables } from '../tables.js';
import { SearchIndex } from './search-index.js';
import { createAnswerSearch } from './search-runner.js';
import { createSearchThread, type Searcher } from './search-thread.js';

/** The searcher and the filter index of an open store. The index must be closed first. */
export interface OpenSearch {
  readonly searcher: Searcher;
  readonly index: SearchIndex;
}

/**
 * Opens the search of a store: the index, and the searcher in its own thread or (`inline`) in this one. `onLost`
 * receives the reason when the thread ends unexpectedly.
 */
export function openSearch(
  { database }: Pick<StoreFile, 'database'>,
  tables: Tables,
  {
    chat,
    limits,
    write,
    where,
    onLost,
  }: {
    readonly chat: ChatLimits;
    readonly limits: SqliteStoreLimits;
    readonly write: <T>(work: () => T) => Promise<T>;
    readonly where: 'thread' | 'inline';
    readonly onLost: (reason: unknown) => void;
  },
): OpenSearch {
  tables.search.renew();
  // Throws early if the table is damaged, before there is a thread to end.
  tables.search.hasDue();
  const { searchCacheBytes: cacheBytes, busyTimeoutMs } = limits;
  const settings = { chat, budget: limits.searchBudget, positionsKept: limits.searchPositionsKept };
  const inline = (): Searcher => {
    const answer = createAnswerSearch(database, tables, settings);
    return { ask: async (kind, question) => answer(kind, question), close: async () => undefined };
  };
  const data = { file: database.name, ...settings, cacheBytes, busyTimeoutMs };
  const searcher = where === 'inline' ? inline() : createSearchThread({ data, limits, onLost });
  return { searcher, index: new SearchIndex(tables.search, searcher, write, limits, onLost) };
}
