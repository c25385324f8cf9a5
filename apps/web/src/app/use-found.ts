import { useCallback, useEffect, useState } from 'react';
import { codeOf } from './backend.js';

/** A page of an answer. */
interface FoundPage<Item> {
  readonly items: readonly Item[];
  readonly more: boolean;
}

interface Found<Item> extends FoundPage<Item> {
  readonly loading: boolean;
  /** The code of why there is no newer answer. */
  readonly problem: string | null;
  readonly loadMore: () => void;
}

interface Held<Item> extends FoundPage<Item> {
  readonly query: string;
}

const pauseMs = 150;

/** What is found by `query`, page by page, asked for when typing pauses; an answer to an older question is dropped. `ask` and `idOf` have to be steady. */
export function useFound<Item>(
  query: string,
  ask: (query: string, after: number | null) => Promise<FoundPage<Item>>,
  idOf: (item: Item) => number,
): Found<Item> {
  const [found, setFound] = useState<Held<Item>>({ query: '', items: [], more: false });
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let dropped = false;
    setLoading(true);
    const settle = (done: () => void) => {
      if (dropped) return;
      done();
      setLoading(false);
    };
    const begin = () =>
      ask(query, null).then(
        (answer) =>
          settle(() => {
            setFound({ query, ...answer });
            setProblem(null);
          }),
        // What was found stays.
        (error: unknown) => settle(() => setProblem(codeOf(error))),
      );
    const timer = setTimeout(begin, query === '' ? 0 : pauseMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [ask, query]);

  const lastItem = found.items.at(-1);
  const last = lastItem === undefined ? null : idOf(lastItem);
  const loadMore = useCallback(() => {
    ask(query, last).then(
      (page) =>
        setFound((before) => {
          const end = before.items.at(-1);
          const goesOn = before.query === query && (end === undefined ? null : idOf(end)) === last;
          // Unless the question has changed or another answer to it came first.
          return goesOn ? { query, items: [...before.items, ...page.items], more: page.more } : before;
        }),
      (error: unknown) => setProblem(codeOf(error)),
    );
  }, [ask, idOf, query, last]);
  return { items: found.items, more: found.more, loading, problem, loadMore };
}
