import { useRetryOnReconnect } from '@everywire/chat-react';
import { useCallback, useEffect, useState } from 'react';
import { codeOf } from './backend.js';

/** One page of results. */
interface FoundPage<Item, Position> {
  readonly items: readonly Item[];
  /** The position of the next page; `null` at the end. */
  readonly next: Position | null;
}

interface Found<Item> {
  readonly items: readonly Item[];
  readonly more: boolean;
  readonly loading: boolean;
  /** The error code of the last request, or `null`. */
  readonly problem: string | null;
  readonly loadMore: () => void;
  /** Repeats the search, after it failed. */
  readonly retry: () => void;
}

interface LoadedPages<Item, Position> extends FoundPage<Item, Position> {
  readonly query: string;
}

const PAUSE_MS = 150;

/**
 * Searches as the user types (after a pause of 150 ms) and loads results page by page. Drops answers to older queries. `ask` must be a
 * stable function.
 */
export function usePagedSearch<Item, Position>(
  query: string,
  ask: (query: string, after: Position | null) => Promise<FoundPage<Item, Position>>,
): Found<Item> {
  const [found, setFound] = useState<LoadedPages<Item, Position>>({ query: '', items: [], next: null });
  // The query that was answered, rather than a "loading" flag: the first render of a new query must not present the old results as its own.
  const [settled, setSettled] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { repeats, note } = useRetryOnReconnect();
  const [retries, setRetries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each repeat and each retry searches again
  useEffect(() => {
    let dropped = false;
    setSettled(null);
    const settle = (done: () => void) => {
      if (dropped) return;
      done();
      setSettled(query);
    };
    const begin = () =>
      ask(query, null).then(
        (answer) =>
          settle(() => {
            setFound({ query, ...answer });
            setProblem(null);
            note(false);
          }),
        // Keeps the previous results.
        (error: unknown) =>
          settle(() => {
            setProblem(codeOf(error));
            note(true);
          }),
      );
    const timer = setTimeout(begin, query === '' ? 0 : PAUSE_MS);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [ask, query, repeats, retries, note]);

  const { items, next } = found;
  const loadMore = useCallback(() => {
    ask(query, next).then(
      (page) =>
        setFound((before) => {
          // Drops the page if the query has changed or another answer for the same position came first.
          const goesOn = before.query === query && before.next === next;
          return goesOn ? { query, items: [...before.items, ...page.items], next: page.next } : before;
        }),
      (error: unknown) => setProblem(codeOf(error)),
    );
  }, [ask, query, next]);
  const retry = useCallback(() => setRetries((before) => before + 1), []);
  return { items, more: next !== null, loading: settled !== query, problem, loadMore, retry };
}
